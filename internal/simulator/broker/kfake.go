// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// This file makes up for what kfake lacks beside Apache's broker, and goes when
// kfake has it:
//
//   - It offers SaslHandshake in version 1 alone. Every librdkafka up to 2.10
//     takes a broker without version 0 for one that knows no handshake, and
//     never logs in. The door answers the handshake itself, in either version.
//   - It answers DescribeTopicPartitions with lists that are null where Apache's
//     broker has empty ones, and Java's admin client throws a
//     NullPointerException over them.

// amended is the answer to make up for, by the kind of request; nil leaves an
// answer as it is.
func amended(h header) kmsg.Response {
	var response kmsg.Response
	switch h.key {
	case kmsg.ApiVersions:
		response = kmsg.NewPtrApiVersionsResponse()
	case kmsg.DescribeTopicPartitions:
		response = kmsg.NewPtrDescribeTopicPartitionsResponse()
	default:
		return nil
	}
	// A version that nobody knows is answered in another one, without what
	// would have to be amended.
	if h.version < 0 || h.version > response.MaxVersion() {
		return nil
	}
	response.SetVersion(h.version)
	return response
}

// amend returns the answer as Apache's broker would have given it.
func amend(answer []byte, response kmsg.Response) []byte {
	reader := kbin.Reader{Src: answer[2*len32:]}
	// The answer to ApiVersions has no tags, for a client that reads it does not
	// know yet whether the broker knows tags.
	tagged := response.IsFlexible() && response.Key() != int16(kmsg.ApiVersions)
	if tagged {
		kmsg.SkipTags(&reader)
	}
	if response.ReadFrom(reader.Src) != nil {
		return answer
	}
	switch response := response.(type) {
	case *kmsg.ApiVersionsResponse:
		for i := range response.ApiKeys {
			if key := &response.ApiKeys[i]; key.ApiKey == int16(kmsg.SASLHandshake) {
				key.MinVersion = 0
			}
		}
	case *kmsg.DescribeTopicPartitionsResponse:
		for _, topic := range response.Topics {
			for i := range topic.Partitions {
				fill(&topic.Partitions[i].EligibleLeaderReplicas)
				fill(&topic.Partitions[i].LastKnownELR)
			}
		}
	}
	return frame(int32(binary.BigEndian.Uint32(answer[len32:])), tagged, response)
}

// len32 is the size of a number that stands before an answer: its length, or
// its correlation.
const len32 = 4

func fill(list *[]int32) {
	if *list == nil {
		*list = []int32{}
	}
}

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
