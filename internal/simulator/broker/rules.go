// SPDX-License-Identifier: MPL-2.0

package broker

import (
	"context"
	"errors"
	"maps"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// everyone is the user that the cluster takes every caller for.
const everyone = "ANONYMOUS"

// ownersRules are in force from the beginning.
func ownersRules() kfake.Opt {
	all := func(resource kmsg.ACLResourceType, name string) kfake.ACL {
		return kfake.ACL{
			Resource: resource, Name: name, Pattern: kmsg.ACLResourcePatternTypeLiteral,
			Operation: kmsg.ACLOperationAll, Allow: true, Host: owner,
		}
	}
	return kfake.User(mechanism, everyone, "",
		all(kmsg.ACLResourceTypeCluster, "kafka-cluster"), all(kmsg.ACLResourceTypeTopic, "*"), all(kmsg.ACLResourceTypeGroup, "*"))
}

// update makes the rules in the cluster those of the keys. Whether a key lets
// anybody in is decided at the login.
func (b *Broker) update() error {
	b.changing.Lock()
	defer b.changing.Unlock()
	current := map[kfake.ACL]bool{}
	for _, key := range b.simulator.Keys() {
		for _, acl := range key.ACLs {
			// Only a seeded key can have a rule that means nothing. It opens nothing.
			if rule, err := translate(label(key.ID), acl); err == nil {
				current[rule] = true
			}
		}
	}
	if maps.Equal(current, b.rules) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := b.revoke(ctx, without(b.rules, current)); err != nil {
		return err
	}
	if err := b.grant(ctx, without(current, b.rules)); err != nil {
		return err
	}
	b.rules = current
	return nil
}

// without returns the rules that the others lack.
func without(rules, others map[kfake.ACL]bool) []kfake.ACL {
	var rest []kfake.ACL
	for rule := range rules {
		if !others[rule] {
			rest = append(rest, rule)
		}
	}
	return rest
}

func (b *Broker) grant(ctx context.Context, rules []kfake.ACL) error {
	if len(rules) == 0 {
		return nil
	}
	request := kmsg.NewPtrCreateACLsRequest()
	for _, rule := range rules {
		creation := kmsg.NewCreateACLsRequestCreation()
		creation.ResourceType, creation.ResourceName, creation.ResourcePatternType = rule.Resource, rule.Name, rule.Pattern
		creation.Principal, creation.Host = "User:"+everyone, rule.Host
		creation.Operation, creation.PermissionType = rule.Operation, kmsg.ACLPermissionTypeAllow
		request.Creations = append(request.Creations, creation)
	}
	response, err := request.RequestWith(ctx, b.owner)
	if err != nil {
		return err
	}
	for _, result := range response.Results {
		err = errors.Join(err, kerr.ErrorForCode(result.ErrorCode))
	}
	return err
}

func (b *Broker) revoke(ctx context.Context, rules []kfake.ACL) error {
	if len(rules) == 0 {
		return nil
	}
	request := kmsg.NewPtrDeleteACLsRequest()
	for _, rule := range rules {
		filter := kmsg.NewDeleteACLsRequestFilter()
		filter.ResourceType, filter.ResourceName, filter.ResourcePatternType = rule.Resource, &rule.Name, rule.Pattern
		filter.Host, filter.Operation, filter.PermissionType = &rule.Host, rule.Operation, kmsg.ACLPermissionTypeAllow
		request.Filters = append(request.Filters, filter)
	}
	response, err := request.RequestWith(ctx, b.owner)
	if err != nil {
		return err
	}
	for _, result := range response.Results {
		err = errors.Join(err, kerr.ErrorForCode(result.ErrorCode))
	}
	return err
}

// translate puts a key's rule into Kafka's terms.
func translate(owner label, acl simulator.ACL) (kfake.ACL, error) {
	resource, unknownResource := kmsg.ParseACLResourceType(acl.Resource)
	pattern, unknownPattern := kmsg.ParseACLResourcePatternType(acl.PatternType)
	operation, unknownOperation := kmsg.ParseACLOperation(acl.Operation)
	return kfake.ACL{
		Resource: resource, Name: acl.Name, Pattern: pattern, Operation: operation, Allow: true, Host: string(owner),
	}, errors.Join(unknownResource, unknownPattern, unknownOperation)
}
