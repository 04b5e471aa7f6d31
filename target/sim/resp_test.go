package sim

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wire speaks RESP with a real server, so that its bytes can be compared.
type wire struct {
	net.Conn
	in *bufio.Reader
}

func dial(t testing.TB, addr string) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return &wire{conn, bufio.NewReader(conn)}
}

func (w *wire) execute(t testing.TB, args ...string) string {
	t.Helper()
	request := fmt.Sprintf("*%d\r\n", len(args))
	for _, a := range args {
		request += fmt.Sprintf("$%d\r\n%s\r\n", len(a), a)
	}
	if _, err := w.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	reply, err := readReply(w.in)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return reply
}

// readReply reads one reply, with everything in it, as it stands.
func readReply(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	n, _ := strconv.Atoi(strings.TrimSpace(line[1:]))
	switch line[0] {
	case '$':
		if n < 0 {
			return line, nil
		}
		body := make([]byte, n+2)
		_, err := io.ReadFull(r, body)
		return line + string(body), err
	case '*', '~', '%':
		if line[0] == '%' {
			n *= 2
		}
		for range max(n, 0) {
			element, err := readReply(r)
			if err != nil {
				return "", err
			}
			line += element
		}
	}
	return line, nil
}

// flat returns the strings in a reply.
func flat(reply string) []string {
	var all []string
	lines := strings.Split(reply, "\r\n")
	for i := 0; i < len(lines); i++ {
		if strings.HasPrefix(lines[i], "$") && !strings.HasPrefix(lines[i], "$-") && i+1 < len(lines) {
			i++
			all = append(all, lines[i])
		}
	}
	return all
}

// dump shows all data that a server holds, in one order.
func dump(ask func(args ...string) string) string {
	keys := flat(ask("KEYS", "*"))
	slices.Sort(keys)
	var text strings.Builder
	for _, key := range keys {
		kind := strings.TrimSpace(ask("TYPE", key))
		fmt.Fprintf(&text, "%s %s", key, kind)
		var content []string
		switch kind {
		case "+string":
			content = flat(ask("GET", key))
		case "+list":
			content = flat(ask("LRANGE", key, "0", "-1"))
		case "+zset":
			content = flat(ask("ZRANGE", key, "0", "-1", "WITHSCORES"))
		case "+set":
			content = flat(ask("SMEMBERS", key))
			slices.Sort(content)
		case "+hash":
			content = flat(ask("HGETALL", key))
			pairs := make([]string, 0, len(content)/2)
			for i := 0; i+1 < len(content); i += 2 {
				pairs = append(pairs, content[i]+"="+content[i+1])
			}
			slices.Sort(pairs)
			content = pairs
		}
		ttl := "no"
		if strings.TrimSpace(ask("TTL", key)) != ":-1" {
			ttl = "some"
		}
		fmt.Fprintf(&text, " %q ttl %s\n", content, ttl)
	}
	return text.String()
}
