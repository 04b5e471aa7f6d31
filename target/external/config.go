package external

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Config says which servers, and what may be done there.
type Config struct {
	Address Address
	// Password is the servers', and SentinelPassword the Sentinels', where the URL
	// has none.
	Password, SentinelPassword string
	TLS                        TLS
	// AllowWrites: servers that hold keys may be written to, too.
	AllowWrites bool
	// Seed is a part of the prefix.
	Seed uint64
}

// TLS says whom to trust, and who we are. Its zero value trusts what the system
// does.
type TLS struct {
	// CA is a PEM file of certificates of authorities to trust, in place of the
	// system's.
	CA string `json:"ca,omitempty"`
	// Cert and Key are PEM files of a certificate of ours, for servers that ask for
	// one.
	Cert string `json:"cert,omitempty"`
	Key  string `json:"key,omitempty"`
	// Insecure trusts whatever certificate there is.
	Insecure bool `json:"insecure,omitempty"`
}

// complete returns the address with passwords and certificates.
func (c Config) complete() (Address, error) {
	a := c.Address
	if a.login.Password == "" {
		a.login.Password = c.Password
	}
	if a.sentinelLogin.Password == "" {
		a.sentinelLogin.Password = c.SentinelPassword
	}
	for _, l := range []struct {
		login    target.Login
		variable string
	}{{a.login, PasswordVariable}, {a.sentinelLogin, SentinelPasswordVariable}} {
		if l.login.Username != "" && l.login.Password == "" {
			return a, asked("the user %s has no password: give it in %s, or in the URL", l.login.Username, l.variable)
		}
	}
	var err error
	a.tls, err = c.TLS.config(a.tls)
	return a, err
}

// config returns the configuration of an address with what the flags add; nil
// without TLS.
func (t TLS) config(base *tls.Config) (*tls.Config, error) {
	if base == nil {
		if t != (TLS{}) {
			return nil, asked("certificates are for TLS: write rediss:// in place of redis://")
		}
		return nil, nil
	}
	c := base.Clone()
	c.MinVersion = tls.VersionTLS12
	c.InsecureSkipVerify = c.InsecureSkipVerify || t.Insecure
	if t.CA != "" {
		pem, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, &AskedError{fmt.Errorf("read authorities: %w", err)}
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) {
			return nil, asked("read authorities: no certificate in %s: expected PEM", t.CA)
		}
	}
	if (t.Cert == "") != (t.Key == "") {
		return nil, &AskedError{errors.New("a certificate needs its key, and a key its certificate: give both --tls-cert and --tls-key")}
	}
	if t.Cert != "" {
		pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, &AskedError{fmt.Errorf("read certificate: %w", err)}
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}
