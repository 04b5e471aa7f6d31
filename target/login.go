package target

// Login is who a client says it is. The zero value says nothing, which makes it
// the default user where that one has no password.
type Login struct{ Username, Password string }

// String returns the name alone: no way of printing shows the password.
func (l Login) String() string { return l.Username }

// GoString is String.
func (l Login) GoString() string { return l.Username }
