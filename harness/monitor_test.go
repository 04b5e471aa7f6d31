package harness

import (
	"bufio"
	"net"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/external/externaltest"
)

// monitor collects the commands that others than the test send to the server, and
// those of their scripts, until the function it returns is called. See
// https://redis.io/docs/latest/commands/monitor/.
func monitor(t *testing.T, s externaltest.Server) (stop func() [][]string) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := conn.Write([]byte("MONITOR\r\n")); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(conn)
	if ok, err := lines.ReadString('\n'); err != nil || ok != "+OK\r\n" {
		t.Fatal(ok, err)
	}
	const last = "the last one"
	collected := make(chan [][]string, 1)
	go func() {
		var seen [][]string
		defer func() { collected <- seen }()
		for {
			line, err := lines.ReadString('\n')
			words := monitored(line)
			if err != nil || len(words) > 1 && words[1] == last {
				return
			}
			seen = append(seen, words)
		}
	}()
	return func() [][]string {
		s.Command("ECHO", last)
		var foreign [][]string
		for _, words := range <-collected {
			if len(words) > 0 && !ofTheTest(words) {
				foreign = append(foreign, words)
			}
		}
		return foreign
	}
}

// ofTheTest tells the commands by which the test looks at the server.
func ofTheTest(words []string) bool {
	switch words[0] {
	case "keys", "acl":
		return true
	case "get", "set":
		return words[1] == "theirs"
	}
	return false
}

// monitored returns the words of a line of MONITOR, the command's name in lower
// case: +1700000000.123456 [0 127.0.0.1:4711] "SET" "k" "v".
func monitored(line string) (words []string) {
	for _, quoted := range regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).FindAllString(line, -1) {
		word, err := strconv.Unquote(quoted)
		if err != nil {
			word = quoted
		}
		words = append(words, word)
	}
	if len(words) > 0 {
		words[0] = strings.ToLower(words[0])
	}
	return words
}
