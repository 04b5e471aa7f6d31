package external

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/netfault"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

// client returns go-redis' client for the access of a single server.
func client(t *testing.T, a target.Access) *redis.Client {
	t.Helper()
	o := target.ClientOptions(a.Addrs[0], patience)
	o.Username, o.Password, o.DB = a.Login.Username, a.Login.Password, a.DB
	conn, err := a.Dial(testContext(t), a.Addrs[0])
	if err != nil {
		t.Fatal(err)
	}
	o.Dialer = once(conn)
	c := redis.NewClient(o)
	t.Cleanup(func() { c.Close(); conn.Close() })
	return c
}

func TestOpenRefuses(t *testing.T) {
	addr, command := server(t)
	c := func(url, password string) Config { return Config{Address: parse(t, url), Password: password} }
	command("SET", "theirs", "1")
	refused(t, c("redis://"+addr, ""), true, "holds 1 keys that are not ours: a run writes and deletes keys of its own there; if that may be, add --allow-writes")
	refused(t, c("redis://"+addr+"/99", ""), false, "choose another database after the port")
	refused(t, c("redis+cluster://"+addr, ""), true, "write redis:// in place of redis+cluster://")
	refused(t, c("redis+sentinel://"+addr+"?master_name=main", ""), true, "is no Sentinel: write redis://")
	refused(t, c("redis://127.0.0.1:"+freePort(t), ""), false, "connection refused; nobody listens there: check host and port")
	refused(t, c("rediss://"+addr, ""), false, "if no TLS is spoken there, write redis:// in place of rediss://")
	refused(t, c("redis://app@"+addr, ""), true, "the user app has no password: give it in JEPSEN_LITE_PASSWORD")
	insecure := c("redis://"+addr, "")
	insecure.TLS.Insecure = true
	refused(t, insecure, true, "write rediss:// in place of redis://")

	command("ACL", "SETUSER", "blind", "on", ">secret", "~*", "+@all", "-dbsize")
	refused(t, c("redis://blind@"+addr, "secret"), true, "does not say whether it holds keys (DBSIZE): ")
	command("ACL", "SETUSER", "idle", "on", ">secret", "-@all")
	refused(t, c("redis://idle@"+addr, "secret"), false, "let the user idle do what a run needs, as with: ACL SETUSER")
	command("CONFIG", "SET", "requirepass", "secret")
	refused(t, c("redis://"+addr, ""), false, "it wants a password (NOAUTH); give it in JEPSEN_LITE_PASSWORD")
	refused(t, c("redis://"+addr, "wrong"), false, "check the password of the user default")
}

func TestOpenRefusesAReplica(t *testing.T) {
	primary, _ := server(t)
	addr, command := server(t)
	host, port, _ := strings.Cut(primary, ":")
	command("REPLICAOF", host, port)
	refused(t, Config{Address: parse(t, "redis://"+addr)}, true, "is a replica, which takes no writes: name its primary")
}

func TestOpenWhileLoading(t *testing.T) {
	addr, command := server(t, "enable-debug-command yes", "rdbcompression no", "key-load-delay 10000", "loading-process-events-interval-bytes 1024")
	for i := range 400 {
		command("SET", fmt.Sprint("theirs", i), strings.Repeat("x", 100))
	}
	command("SAVE")
	loaded := make(chan struct{})
	go func() { // it answers when all is loaded, after four seconds
		defer close(loaded)
		_, _ = target.Command(t.Context(), addr, "DEBUG", "RELOAD", "NOSAVE")
	}()
	processtest.Eventually(t, "the server is loading", func() bool {
		_, err := target.Command(testContext(t), addr, "PING")
		return redis.HasErrorPrefix(err, "LOADING")
	})
	refused(t, Config{Address: parse(t, "redis://"+addr), AllowWrites: true}, false, "try again once the server has loaded its data")
	<-loaded
}

// Servers without HELLO are asked by INFO, and those that permit neither are known
// by their answer to PING alone.
func TestServersWithoutHello(t *testing.T) {
	addr, command := server(t, `rename-command HELLO ""`)
	tg := open(t, Config{Address: parse(t, "redis://"+addr)})
	if version := tg.Version(); !strings.HasPrefix(version, "redis ") {
		t.Errorf("the version is %q", version)
	}
	command("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-info")
	tg = open(t, Config{Address: parse(t, "redis://app@"+addr), Password: "secret"})
	if version := tg.Version(); version != "a server that does not tell its version" {
		t.Errorf("the version is %q", version)
	}
	if got := roles(t, tg); got["n1"] != target.Primary {
		t.Errorf("the roles are %v", got)
	}
}

// Keys of ours are deleted, as many as a scan meets in several turns; others stay.
func TestCleanDeletesOurKeysAlone(t *testing.T) {
	addr, command := server(t)
	for i := range 3000 {
		command("SET", fmt.Sprintf("theirs%d", i), "1")
	}
	command("SET", Ours+"their own key", "1")
	tg := open(t, Config{Address: parse(t, "redis://"+addr), AllowWrites: true, Seed: 7})
	if err := tg.Start(testContext(t)); err != nil {
		t.Fatal(err)
	}
	c := client(t, tg.Access("c0"))
	_, err := c.Pipelined(testContext(t), func(p redis.Pipeliner) error {
		for i := range 2500 {
			p.Set(t.Context(), fmt.Sprintf("%s{k%d}", tg.Prefix(), i), "1", 0)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := tg.Clean(testContext(t)); n != 2500 || err != nil {
		t.Errorf("deleted %d, %v; want 2500", n, err)
	}
	if left := command("DBSIZE"); left != int64(3001) {
		t.Errorf("%d keys are left, want theirs, 3001", left)
	}
	if n, err := tg.Clean(testContext(t)); n != 0 || err != nil {
		t.Errorf("deleted %d again, %v", n, err)
	}
}

func TestStartRefusesAPrefixInUse(t *testing.T) {
	addr, command := server(t)
	tg := open(t, Config{Address: parse(t, "redis://"+addr)})
	command("SET", tg.Prefix()+"x", "1")
	if err := tg.Start(testContext(t)); err == nil || !strings.Contains(err.Error(), "1 keys begin with "+tg.Prefix()) {
		t.Errorf("got %v", err)
	}
	if n, err := tg.Clean(testContext(t)); n != 0 || err != nil {
		t.Errorf("deleted %d, %v, of keys that are not ours", n, err)
	}
}

func TestLeftoversOfLongAgo(t *testing.T) {
	addr, command := server(t)
	tg := open(t, Config{Address: parse(t, "redis://"+addr)})
	const old = Ours + "20200101T000000Z:7-0123456789abcdef:{k1}"
	stay := []string{tg.Prefix() + "{k1}", Ours + "20200101T000000Z", Ours + "20209901T000000Z:7-0123456789abcdef:{k1}", "x" + old}
	command("SET", old, "1")
	for _, key := range stay {
		command("SET", key, "1")
	}
	for _, remove := range []bool{false, true} {
		if n, err := tg.Leftovers(testContext(t), remove); n != 1 || err != nil {
			t.Errorf("remove %v: %d, %v; want 1", remove, n, err)
		}
	}
	if n, err := tg.Leftovers(testContext(t), false); n != 0 || err != nil {
		t.Errorf("%d are left, %v", n, err)
	}
	if got := command("EXISTS", stay[0], stay[1], stay[2], stay[3]); got != int64(4) {
		t.Errorf("%v of 4 keys are left that are not of old runs", got)
	}
}

func TestDenied(t *testing.T) {
	addr, command := server(t)
	var line []any
	for word := range strings.FieldsSeq(strings.Replace(ACL("app"), "PASSWORD", "secret", 1)) {
		line = append(line, word)
	}
	command(line...)
	tg := open(t, Config{Address: parse(t, "redis://app@"+addr), Password: "secret"})
	if _, err := tg.Denied(testContext(t)); !errors.Is(err, errNotTold) {
		t.Errorf("got %v, want %v", err, errNotTold)
	}
	command("ACL", "SETUSER", "app", "+multi", "+discard")
	if denied, err := tg.Denied(testContext(t)); len(denied) != 0 || err != nil {
		t.Errorf("denied %v, %v, although the line of ours gives all", denied, err)
	}
	command("ACL", "SETUSER", "app", "-sadd", "-unlink")
	if denied, err := tg.Denied(testContext(t)); !slices.Equal(denied, []string{"sadd", "unlink"}) || err != nil {
		t.Errorf("denied %v, %v", denied, err)
	}
	if keys := command("DBSIZE"); keys != int64(0) {
		t.Errorf("asking wrote %v keys", keys)
	}
}

// Every command of a run is tried, so that none is missing among those permitted.
func TestTrialsAreAllCommands(t *testing.T) {
	var tried []string
	for _, call := range trials("k") {
		tried = append(tried, call[0].(string))
	}
	if want := strings.Fields(clientCommands + " " + ownCommands); !slices.Equal(tried, want) {
		t.Errorf("tried %v, want %v", tried, want)
	}
}

// The network between clients and a server that is not ours can be harmed.
func TestFaultsOfTheNetwork(t *testing.T) {
	addr, _ := server(t)
	tg := open(t, Config{Address: parse(t, "redis://"+addr)})
	fabric := tg.Network()
	c := client(t, tg.Access("c0"))
	if err := c.Ping(testContext(t)).Err(); err != nil {
		t.Fatal(err)
	}
	if n := fabric.Reset(netfault.OneWay(netfault.Only("c0"), netfault.Only("n1"))); n != 1 {
		t.Errorf("reset %d connections, want 1", n)
	}
	if err := c.Ping(testContext(t)).Err(); err == nil {
		t.Error("the connection outlived its reset")
	}
	harm, err := fabric.Apply(netfault.BothWays(netfault.Only("c0"), netfault.Only("n1")), netfault.Rule{Refuse: true})
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := tg.Access("c0").Dial(testContext(t), addr); err == nil {
		conn.Close()
		t.Error("a connection was made that was to be refused")
	}
	if err := tg.Settle(testContext(t)); err != nil {
		t.Errorf("what the target asks itself is harmed, too: %v", err)
	}
	harm.Heal()
	if err := client(t, tg.Access("c0")).Ping(testContext(t)).Err(); err != nil {
		t.Error(err)
	}
}

func TestNodesAreNotOursToHarm(t *testing.T) {
	addr, _ := server(t)
	tg := open(t, Config{Address: parse(t, "redis://"+addr)})
	for _, n := range tg.Nodes() {
		for name, can := range map[string]bool{
			"killed": is[target.Killer](n), "paused": is[target.Pauser](n), "stopped": is[target.Stopper](n),
			"given commands": is[target.Commander](n), "read on disk": is[target.Storer](n), "given another time": is[target.ClockSetter](n),
		} {
			if can {
				t.Errorf("%s can be %s", n.Name(), name)
			}
		}
		if started, err := n.Start(testContext(t)); started || err != nil || !n.Running() || n.Addr() != addr {
			t.Errorf("%s: started %v, %v", n.Name(), started, err)
		}
	}
}

func is[T any](v any) bool { _, ok := v.(T); return ok }
