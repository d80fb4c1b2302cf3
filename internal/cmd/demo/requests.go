// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// tally counts requests by method, and token exchanges apart.
func tally(requests []simulator.Request) string {
	counts := map[string]int{}
	for _, request := range requests {
		counts[kind(request)]++
	}
	var parts []string
	for _, kind := range []string{http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodGet} {
		if counts[kind] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[kind], kind))
		}
	}
	if counts[tokenExchange] > 0 {
		parts = append(parts, count(counts[tokenExchange], tokenExchange))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

const tokenExchange = "token exchange"

func kind(request simulator.Request) string {
	if strings.HasPrefix(request.Path, "/auth/access-token") {
		return tokenExchange
	}
	return request.Method
}

// writes are the requests that change something.
func writes(requests []simulator.Request) []simulator.Request {
	return slices.DeleteFunc(slices.Clone(requests), func(request simulator.Request) bool {
		return kind(request) == tokenExchange || kind(request) == http.MethodGet
	})
}

// isWrites tells whether the requests that change something are these.
func isWrites(requests []simulator.Request, methods ...string) bool {
	var sent []string
	for _, request := range writes(requests) {
		sent = append(sent, request.Method)
	}
	return slices.Equal(sent, methods)
}

func holdsOnly(request simulator.Request, field string) bool {
	var body map[string]json.RawMessage
	err := json.Unmarshal(request.Body, &body)
	return err == nil && len(body) == 1 && body[field] != nil
}
