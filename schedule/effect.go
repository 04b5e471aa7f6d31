package schedule

import "github.com/jepsen-lite/jepsen-lite/history"

// value is what the history says of a fault, in the form of package nemesis.
func (e Effect) value() history.Value {
	fields := struct {
		Effect bool   `json:"effect"`
		Heals  string `json:"heals,omitempty"`
		Node   string `json:"node,omitempty"`
	}{e.Took, e.Heals, e.Node}
	v, _ := history.JSON(fields) // booleans and strings always encode
	return v
}
