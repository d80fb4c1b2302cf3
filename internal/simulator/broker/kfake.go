// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"encoding/binary"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// This file makes up for what kfake lacks beside Apache's broker, and goes when
// kfake has it:
//
//   - It offers SaslHandshake in version 1 alone. Every librdkafka up to 2.10
//     takes a broker without version 0 for one that knows no handshake, and
//     never logs in. The listener answers the handshake itself, in either version.
//   - It answers DescribeTopicPartitions with lists that are null where Apache's
//     broker has empty ones, and Java's admin client throws a
//     NullPointerException over them. Where it is not offered, clients ask as
//     they did before there was such a request.

// amended is the answer to make up for; nil leaves it as it is: a version that
// nobody knows is answered in another one, without what would be amended.
func amended(h header) *kmsg.ApiVersionsResponse {
	response := kmsg.NewPtrApiVersionsResponse()
	if h.version < 0 || h.version > response.MaxVersion() {
		return nil
	}
	response.SetVersion(h.version)
	return response
}

// amend returns the answer as Apache's broker would have given it.
func amend(answer []byte, response *kmsg.ApiVersionsResponse) []byte {
	if response.ReadFrom(answer[2*len32:]) != nil {
		return answer
	}
	response.ApiKeys = slices.DeleteFunc(response.ApiKeys, func(key kmsg.ApiVersionsResponseApiKey) bool {
		return key.ApiKey == int16(kmsg.DescribeTopicPartitions)
	})
	for i := range response.ApiKeys {
		if key := &response.ApiKeys[i]; key.ApiKey == int16(kmsg.SASLHandshake) {
			key.MinVersion = 0
		}
	}
	// The answer to ApiVersions has no tags, for a client that reads it does not
	// know yet whether the broker knows tags.
	return frame(int32(binary.BigEndian.Uint32(answer[len32:])), false, response)
}

// len32 is the size of a number that stands before an answer: its length, or
// its correlation.
const len32 = 4

// frame puts an answer behind its length and its correlation.
func frame(correlation int32, tagged bool, response kmsg.Response) []byte {
	answer := binary.BigEndian.AppendUint32(make([]byte, len32), uint32(correlation))
	if tagged {
		answer = append(answer, 0) // no tags
	}
	answer = response.AppendTo(answer)
	binary.BigEndian.PutUint32(answer, uint32(len(answer)-len32))
	return answer
}
