package netfault_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/netfault"
)

// A partition holds back what a client says, and lets it go on when it heals.
func Example() {
	server, err := net.Listen("tcp", "127.0.0.1:0") // says everything back
	if err != nil {
		panic(err)
	}
	defer server.Close()
	go func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(conn, conn) }()
		}
	}()

	network := netfault.New(42)
	defer network.Close()
	proxy, err := network.Listen("n1", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	proxy.Forward(server.Addr().String())
	client, err := network.Dial(context.Background(), "c0", proxy.Addr())
	if err != nil {
		panic(err)
	}
	defer client.Close()

	partition, err := network.Apply(netfault.OneWay(netfault.Only("c0"), netfault.Only("n1")), netfault.Rule{Cut: true})
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(client, "hello")
	_ = client.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = client.Read(make([]byte, 1))
	fmt.Println("cut off:", err.(net.Error).Timeout())
	fmt.Println("held back:", partition.Effect().HeldBytes)

	partition.Heal()
	_ = client.SetReadDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(client).ReadString('\n')
	fmt.Printf("healed: %q %v\n", line, err)

	// Output:
	// cut off: true
	// held back: 6
	// healed: "hello\n" <nil>
}
