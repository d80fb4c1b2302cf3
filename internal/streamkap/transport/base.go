// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

// newBase sends what is encrypted by the proxy settings of the environment, and what is
// not to this machine and no other: not through a proxy, and not to where a name leads
// that only looks local.
func newBase() http.RoundTripper {
	plain, base := pooled(), pooled()
	plain.Proxy = nil
	plain.DialContext = (&net.Dialer{Control: onlyLoopback}).DialContext
	base.RegisterProtocol("http", plain)
	return base
}

// pooled pools as many connections as Terraform ever has requests in flight, so
// that none is thrown away between two of them. An idle connection is dropped
// before a load balancer would drop it, because a create that meets a dying
// connection can't be repeated.
func pooled() *http.Transport {
	transport := cleanhttp.DefaultPooledTransport()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	transport.IdleConnTimeout = 30 * time.Second
	return transport
}

// onlyLoopback looks at the address that a name was resolved to, before
// anything is sent there.
func onlyLoopback(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Unmap().IsLoopback() {
		return fmt.Errorf("plain http goes to a loopback address only, and this host is %s", address)
	}
	return nil
}
