// Package held has sockets whose requests and replies are held until somebody
// lets them go, one moment after another.
//
// Start from [New]: it makes a net.Conn for a client library's dialer, over a
// [Link] to a server. [Connect] makes a link to a real server.
//
//	link, err := held.Connect(ctx, "127.0.0.1:6379")
//	conn := held.New(link, func(m held.Moment) error {
//		<-go[m] // the request stands still until it is told to go on
//		return nil
//	})
//
// The package does not decide who goes next, and knows no commands but those of
// a greeting, which is never held.
package held
