// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// amendOffer makes up for what kfake lacks beside Apache's broker, and goes
// when kfake has it:
//
//   - It offers SaslHandshake in version 1 alone. Every librdkafka up to 2.10
//     takes a broker without version 0 for one that knows no handshake, and
//     never logs in. The listener answers the handshake itself, in either version.
//   - It answers DescribeTopicPartitions with lists that are null where Apache's
//     broker has empty ones, and Java's admin client throws a
//     NullPointerException over them. Where it is not offered, clients ask as
//     they did before there was such a request.
func (b *Broker) amendOffer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request := kmsg.NewPtrApiVersionsRequest()
	request.ClientSoftwareName, request.ClientSoftwareVersion = "simulator", "1"
	offer, err := request.RequestWith(ctx, b.owner)
	if err != nil {
		return err
	}
	offer.ApiKeys = slices.DeleteFunc(offer.ApiKeys, func(key kmsg.ApiVersionsResponseApiKey) bool {
		return key.ApiKey == int16(kmsg.DescribeTopicPartitions)
	})
	for i := range offer.ApiKeys {
		if key := &offer.ApiKeys[i]; key.ApiKey == int16(kmsg.SASLHandshake) {
			key.MinVersion = 0
		}
	}
	b.answerNext(offer)
	return nil
}

// answerNext answers the next question for what there is in the cluster's
// place. The cluster then drops the function that did.
func (b *Broker) answerNext(offer *kmsg.ApiVersionsResponse) {
	b.cluster.ControlKey(int16(kmsg.ApiVersions), func(request kmsg.Request) (kmsg.Response, error, bool) {
		if request.GetVersion() > offer.MaxVersion() {
			return nil, nil, false // the cluster says which versions there are
		}
		b.answerNext(offer)
		answer := *offer
		answer.SetVersion(request.GetVersion())
		return &answer, nil, true
	})
}
