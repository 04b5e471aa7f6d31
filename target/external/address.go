package external

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

// Address is what a URL says: where the servers are, and who we are there. Its
// zero value is not valid; use [Parse].
type Address struct {
	client target.ClientKind
	// seeds are the addresses to begin with: of servers, or of Sentinels.
	seeds                []string
	master               string
	db                   int
	login, sentinelLogin target.Login
	// tls is nil without TLS.
	tls  *tls.Config
	text string
}

// AskedError is an error in what was asked for, rather than of the servers.
type AskedError struct{ Err error }

func (e *AskedError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *AskedError) Unwrap() error { return e.Err }

func asked(format string, args ...any) error { return &AskedError{fmt.Errorf(format, args...)} }

// IsURL tells a URL from the name of another backend.
func IsURL(text string) bool { return strings.Contains(text, "://") }

// Parse reads a URL. Its scheme says what stands there:
//
//	redis://user:password@host:6379/2             one server, and a database of it
//	redis+sentinel://host:26379/0?master_name=main&addr=host:26380
//	redis+cluster://user:password@host:6379?addr=host:6380
//
// With rediss instead of redis, TLS is spoken; skip_verify=true trusts whatever
// certificate there is. Behind "+sentinel" and "+cluster" stands what go-redis'
// ParseFailoverURL and ParseClusterURL read: there the user of a Sentinel URL is
// the Sentinels', and that of the servers stands in username= and password=. What
// such a URL says of pools, retries and timeouts is for applications, and has no
// effect here. The error, an *[AskedError], never holds a password.
func Parse(text string) (Address, error) {
	u, err := url.Parse(text)
	if err == nil {
		_, err = url.ParseQuery(u.RawQuery)
	}
	if err != nil || u.Host == "" || u.Fragment != "" || strings.Contains(u.Path+u.RawQuery, "@") {
		return Address{}, asked("read the target's URL: expected redis://USER:PASSWORD@HOST:PORT/DB; in a password, write %%2F for /, %%40 for @, %%23 for # and %%3F for ?, or give it in JEPSEN_LITE_PASSWORD")
	}
	a := Address{text: withoutPasswords(u)}
	scheme, kind, _ := strings.Cut(u.Scheme, "+")
	if scheme != "redis" && scheme != "rediss" {
		return Address{}, asked("read the target's URL: unknown scheme %q: expected redis, redis+sentinel, redis+cluster, or the same with rediss for TLS", u.Scheme)
	}
	plain := *u
	plain.Scheme = scheme
	switch kind {
	case "":
		err = a.single(plain.String(), u.Query().Has("master_name"))
	case "sentinel":
		err = a.failover(plain.String())
	case "cluster":
		err = a.cluster(plain.String(), u.Path)
	default:
		err = fmt.Errorf("unknown kind %q: expected sentinel or cluster after %s+", kind, scheme)
	}
	if err != nil && u.Query().Has("password") {
		// What looks like an option may be the rest of a password.
		err = errors.New("expected options that go-redis' ParseFailoverURL knows, and %26 for & in a password")
	}
	if err != nil {
		return Address{}, asked("read the target's URL: %w", err)
	}
	return a, nil
}

// withoutPasswords is the URL as it may be shown.
func withoutPasswords(u *url.URL) string {
	shown := *u
	if shown.User != nil {
		name := shown.User.Username()
		shown.User = nil
		if name != "" {
			shown.User = url.User(name)
		}
	}
	if query := u.Query(); query.Has("password") {
		query.Del("password")
		shown.RawQuery = query.Encode()
	}
	return shown.String()
}

func (a *Address) single(text string, named bool) error {
	if named {
		return errors.New("it names a master, which Sentinels know: write redis+sentinel:// in place of redis://")
	}
	o, err := redis.ParseURL(text)
	if err != nil {
		return err
	}
	a.client, a.seeds, a.db, a.tls = target.Single, []string{o.Addr}, o.DB, o.TLSConfig
	a.login = target.Login{Username: o.Username, Password: o.Password}
	return nil
}

func (a *Address) failover(text string) error {
	o, err := redis.ParseFailoverURL(text)
	if err != nil {
		return err
	}
	if o.MasterName == "" {
		return errors.New("it does not say how the Sentinels call the primary: add ?master_name=NAME")
	}
	a.client, a.seeds, a.db, a.tls, a.master = target.Failover, o.SentinelAddrs, o.DB, o.TLSConfig, o.MasterName
	a.login = target.Login{Username: o.Username, Password: o.Password}
	a.sentinelLogin = target.Login{Username: o.SentinelUsername, Password: o.SentinelPassword}
	return nil
}

func (a *Address) cluster(text, path string) error {
	o, err := redis.ParseClusterURL(text)
	if err != nil {
		return err
	}
	if path != "" && path != "/" && path != "/0" {
		return errors.New("a cluster has no databases but 0: leave out what stands after the port")
	}
	a.client, a.seeds, a.tls = target.Cluster, o.Addrs, o.TLSConfig
	a.login = target.Login{Username: o.Username, Password: o.Password}
	return nil
}

// String returns the URL without passwords.
func (a Address) String() string { return a.text }

// GoString is String: no way of printing shows a password.
func (a Address) GoString() string { return a.text }

// TLS tells whether TLS is spoken there.
func (a Address) TLS() bool { return a.tls != nil }

// Topology is how the servers stand together: a name from [topology.Kinds].
func (a Address) Topology() string {
	switch a.client {
	case target.Failover:
		return topology.Replicated
	case target.Cluster:
		return topology.Cluster
	}
	return topology.Standalone
}
