package external

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"
)

// explain says in one line why a server did not do what it was asked, and what to
// try next.
func (a Address) explain(addr string, to audience, err error) error {
	if redis.HasErrorPrefix(err, "NOAUTH") {
		err = errors.New("it wants a password (NOAUTH)") // what it says itself is long
		return fmt.Errorf("ask %s: %w; give it in %s, and the user's name in the URL if it is not the default one", addr, err, to.variable)
	}
	advice := to.adviceOnReply(err)
	if advice == "" {
		advice = a.adviceOnTransport(err)
	}
	if advice == "" {
		return fmt.Errorf("ask %s: %w", addr, err)
	}
	return fmt.Errorf("ask %s: %w; %s", addr, err, advice)
}

// adviceOnReply is what to try after the server's own refusal.
func (to audience) adviceOnReply(err error) string {
	var reply redis.Error
	if !errors.As(err, &reply) {
		return ""
	}
	text := reply.Error()
	user := to.login.Username
	if user == "" {
		user = "default"
	}
	switch code, _, _ := strings.Cut(text, " "); {
	case code == "WRONGPASS", strings.Contains(text, "invalid password"):
		return "check the password of the user " + user + ", in " + to.variable + " or in the URL"
	case code == "NOPERM":
		return "let the user " + user + " do what a run needs, as with: " + ACL("jepsen-lite")
	case code == "LOADING":
		return "try again once the server has loaded its data"
	case code == "DENIED":
		return "the server is in protected mode: give its default user a password, and that here"
	case strings.Contains(text, "DB index is out of range"):
		return "choose another database after the port"
	}
	return ""
}

// adviceOnTransport is what to try when there was no reply.
func (a Address) adviceOnTransport(err error) string {
	var (
		host        *net.DNSError
		authority   x509.UnknownAuthorityError
		name        x509.HostnameError
		certificate *tls.CertificateVerificationError
		plain       tls.RecordHeaderError
		greeting    *handshakeError
	)
	switch {
	case errors.As(err, &host):
		return "check the host's name"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens there: check host and port"
	case errors.As(err, &authority):
		return "name the certificate of its authority with --tls-ca"
	case errors.As(err, &name):
		return "use a name that its certificate has, or --tls-insecure"
	case errors.As(err, &certificate):
		return "name the certificate of its authority with --tls-ca, or use --tls-insecure"
	case errors.As(err, &plain):
		return "the server speaks no TLS there: write redis:// in place of rediss://"
	case strings.Contains(err.Error(), "remote error: tls:"): // crypto/tls has no type for it
		return "the server does not take our side of TLS: give --tls-cert and --tls-key"
	case a.tls == nil && ended(err):
		return "if TLS is spoken there, write rediss:// in place of redis://"
	case errors.As(err, &greeting):
		return "if no TLS is spoken there, write redis:// in place of rediss://"
	case ended(err): // an alert that says so is lost when a reset overtakes it
		return "if the server wants a certificate of ours, give --tls-cert and --tls-key"
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded):
		return "it does not answer: check host and port, and firewalls between"
	}
	return ""
}

// ended tells whether the other side closed the connection.
func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
