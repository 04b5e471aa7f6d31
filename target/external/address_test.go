package external

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/topology"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		url   string
		shown string // "": as the URL
		want  Address
		tls   bool
	}{
		{url: "redis://cache.example", want: Address{seeds: []string{"cache.example:6379"}}},
		{
			url: "redis://app:top%2Fsecret@10.0.0.1:7000/2", shown: "redis://app@10.0.0.1:7000/2",
			want: Address{seeds: []string{"10.0.0.1:7000"}, db: 2, login: target.Login{Username: "app", Password: "top/secret"}},
		},
		{
			url: "rediss://:secret@[::1]:7000", shown: "rediss://[::1]:7000", tls: true,
			want: Address{seeds: []string{"[::1]:7000"}, login: target.Login{Password: "secret"}},
		},
		{
			url:   "redis+sentinel://watch:secret1@a:26379/3?master_name=main&addr=b:26379&username=app&password=secret2",
			shown: "redis+sentinel://watch@a:26379/3?addr=b%3A26379&master_name=main&username=app",
			want: Address{
				client: target.Failover, seeds: []string{"a:26379", "b:26379"}, master: "main", db: 3,
				login:         target.Login{Username: "app", Password: "secret2"},
				sentinelLogin: target.Login{Username: "watch", Password: "secret1"},
			},
		},
		{
			url: "rediss+cluster://app:secret@a:7000?addr=b:7001&max_retries=3", shown: "rediss+cluster://app@a:7000?addr=b:7001&max_retries=3", tls: true,
			want: Address{client: target.Cluster, seeds: []string{"a:7000", "b:7001"}, login: target.Login{Username: "app", Password: "secret"}},
		},
	} {
		got, err := Parse(test.url)
		if err != nil {
			t.Errorf("%s: %v", test.url, err)
			continue
		}
		if test.shown == "" {
			test.shown = test.url
		}
		if got.String() != test.shown || got.TLS() != test.tls {
			t.Errorf("%s is shown as %s, TLS %v; want %s, TLS %v", test.url, got, got.TLS(), test.shown, test.tls)
		}
		got.tls, got.text = nil, ""
		if fmt.Sprintf("%+v", plain(got)) != fmt.Sprintf("%+v", plain(test.want)) {
			t.Errorf("%s: got %+v, want %+v", test.url, plain(got), plain(test.want))
		}
		if again, err := Parse(test.shown); err != nil || again.String() != test.shown {
			t.Errorf("%s: what is shown reads as %s, %v", test.url, again, err)
		}
	}
}

// plain has no ways of printing of its own.
func plain(a Address) any {
	type login struct{ Username, Password string }
	return struct {
		client          target.ClientKind
		seeds           []string
		master          string
		db              int
		login, sentinel login
	}{a.client, a.seeds, a.master, a.db, login(a.login), login(a.sentinelLogin)}
}

func TestTopologyOfURL(t *testing.T) {
	for url, want := range map[string]string{
		"redis://a":                           topology.Standalone,
		"redis+sentinel://a?master_name=main": topology.Replicated,
		"rediss+cluster://a":                  topology.Cluster,
	} {
		if got := parse(t, url).Topology(); got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for url, want := range map[string]string{
		"http://a":                      `unknown scheme "http": expected redis, redis+sentinel`,
		"unix:///run/redis.sock":        "expected redis://USER:PASSWORD@HOST:PORT/DB",
		"redis://":                      "expected redis://",
		"redis+ring://a":                `unknown kind "ring": expected sentinel or cluster after redis+`,
		"redis://a?master_name=main":    "write redis+sentinel://",
		"redis+sentinel://a":            "add ?master_name=NAME",
		"redis+cluster://a/2":           "a cluster has no databases but 0",
		"redis://a/b":                   `invalid database number: "b"`,
		"redis://a?frobnicate=1":        "unexpected option: frobnicate",
		"redis://u:sec/ret@host:6379":   "write %2F for /",
		"redis://u:12/ret@host:6379":    "write %2F for /",
		"redis://u:12#ret@host:6379":    "write %2F for /",
		"redis://u:12?ret@host:6379":    "write %2F for /",
		"redis://u:secret%zz@host:6379": "write %2F for /",
	} {
		_, err := Parse(url)
		var asked *AskedError
		if !errors.As(err, &asked) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to say %q", url, err, want)
			continue
		}
		if strings.Contains(err.Error(), "ret@") || strings.Contains(err.Error(), "sec") {
			t.Errorf("%s: the error tells the password: %v", url, err)
		}
	}
}

// Whatever a password is made of, and whether or not it was escaped, neither the
// error nor any way of printing the address tells it.
func TestNothingShowsThePassword(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := "ZQ" + rapid.StringMatching(`[a-z0-9/@#?:%&=+ -]{0,12}`).Draw(t, "secret") + "QZ"
		written := secret
		if rapid.Bool().Draw(t, "escaped") {
			written = url.QueryEscape(secret)
		}
		form := rapid.SampledFrom([]string{
			"redis://app:%s@a:6379/1", "rediss://:%s@a", "redis+cluster://:%s@a:1?addr=b:2",
			"redis+sentinel://w:%s@a:1?master_name=m", "redis+sentinel://a:1?master_name=m&password=%s",
		}).Draw(t, "form")
		a, err := Parse(strings.Replace(form, "%s", written, 1))
		told := fmt.Sprintf("%v %+v %#v %s %v", a, a, a, a.String(), err)
		if strings.Contains(told, "ZQ") || strings.Contains(told, "QZ") {
			t.Fatalf("%s tells %q", told, secret)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("redis://app:secret@cache.example:6379/2")
	f.Add("rediss+sentinel://w:s@a:1/0?master_name=m&addr=b:2&password=p")
	f.Add("redis+cluster://a:1?addr=b:2&skip_verify=1")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(a.String())
		if err != nil || again.String() != a.String() || again.Topology() != a.Topology() || again.TLS() != a.TLS() {
			t.Errorf("%q is shown as %q, which reads as %q, %v", text, a, again, err)
		}
	})
}

func ExampleParse() {
	address, err := Parse("rediss://app:secret@cache.example:6380/2")
	fmt.Println(address, address.Topology(), err)
	// Output: rediss://app@cache.example:6380/2 standalone <nil>
}
