package port

import (
	"fmt"
	"io"
	"net"
)

// reserve takes the port among jepsen-lite processes, by a name in the abstract
// socket namespace: it belongs to the same network namespace as the port, is no
// file, and the kernel frees it however we end. See unix(7).
func reserve(number int) (io.Closer, error) {
	return net.Listen("unix", fmt.Sprintf("@jepsen-lite-port-%d", number))
}
