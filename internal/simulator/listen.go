// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Listen serves a handler, a Server or what is wrapped around one, on a free
// port of loopback. It returns the base URL and what ends it. The watcher, which
// may be nil, is told of every connection.
func Listen(ctx context.Context, handler http.Handler, watch func(net.Conn, http.ConnState)) (url string, stop func(), err error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ConnState: watch}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	return "http://" + listener.Addr().String(), func() {
		_ = server.Close()
		<-done
	}, nil
}
