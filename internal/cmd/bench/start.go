// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// startsPerRound is more than one because a start takes little time.
const startsPerRound = 5

// measureStart measures the time until the schema is served, and the size of
// the binary. Ours serves data sources and more besides the resource.
func (b *bench) measureStart(ctx context.Context) error {
	times := make(map[string][]time.Duration)
	err := b.inTurn(func(int) error {
		for range startsPerRound {
			for _, who := range []string{bare, ours} {
				took, err := b.start(ctx, who)
				if err != nil {
					return err
				}
				times[who] = append(times[who], took)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.addTimes("start, until the schema is served", median(times[ours]), median(times[bare]), "", 1.2)
	sizes := make(map[string]int)
	for _, who := range []string{bare, ours} {
		file, err := os.Stat(b.program(who))
		if err != nil {
			return err
		}
		sizes[who] = int(file.Size() >> 10)
	}
	b.addCounts("stripped binary", sizes[ours], sizes[bare], "KiB", 1.2)
	return nil
}

// start starts a provider as Terraform does, but without TLS, asks it for its
// schema, and ends it. It returns the time until the answer was there.
func (b *bench) start(ctx context.Context, who string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	process := b.Command(ctx, b.program(who))
	process.Env = append(process.Env, "PLUGIN_PROTOCOL_VERSIONS=6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
	stdout, err := process.StdoutPipe()
	if err != nil {
		return 0, err
	}
	started := time.Now()
	if err := process.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	// core version | protocol | network | address | grpc
	handshake := strings.Split(strings.TrimSpace(line), "|")
	if err != nil {
		return 0, fmt.Errorf("the provider %q does not say how it is reached: %w", who, err)
	}
	if len(handshake) < 5 {
		return 0, fmt.Errorf("the handshake of the provider %q is %q", who, line)
	}
	target := handshake[3]
	if handshake[2] == "unix" {
		target = "unix:" + target
	}
	connection, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	// The request has no field, and an answer of any type can be received as
	// one that has none.
	err = connection.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{})
	return time.Since(started), err
}
