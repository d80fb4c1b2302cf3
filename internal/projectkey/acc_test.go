// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// address is that of the one key most tests are about.
const address = "streamkap_project_key.test"

// Passwords that satisfy the rules. They open nothing. The first two are only
// given as write-only values, and are looked for in every file at the end; the
// others are given as kafka.password.
const (
	password          = "Written-only-1"
	otherPassword     = "Written-only-2"
	keptPassword      = "Kept-in-state-1"
	otherKeptPassword = "Kept-in-state-2"
)

// The bodies of keys, to build configurations from.
const (
	named     = "name = \"orders\"\n"
	adminRole = "role_ids = [\"" + simulator.RoleAdmin + "\"]\n"
	readRole  = "role_ids = [\"" + simulator.RoleReadOnly + "\"]\n"
)

// key is the configuration of the key under test.
func key(body ...string) string {
	text := ""
	for _, part := range body {
		text += part + "\n"
	}
	return "resource \"streamkap_project_key\" \"test\" {\n" + text + "}\n"
}

// kafka is a kafka block with a write-only password, and more in it.
func kafka(body ...string) string {
	return kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = 1", password), body...)
}

func kafkaWith(passwordArguments string, body ...string) string {
	text := "kafka {\nusername = \"orders-consumer\"\n" + passwordArguments + "\n"
	for _, part := range body {
		text += part + "\n"
	}
	return text + "}\n"
}

func acl(name, resource, operation, pattern string) string {
	return fmt.Sprintf("acl {\nname = %q\nresource = %q\noperation = %q\npattern_type = %q\n}\n", name, resource, operation, pattern)
}

// scenario runs steps against one service.
func scenario(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps:                    steps,
	})
}

// apply is a step that applies a configuration and expects this action on the
// key. The plan after it has to be empty: plugin-testing checks that.
func apply(s *acctest.Service, configuration string, action plancheck.ResourceActionType, checks ...resource.TestCheckFunc) resource.TestStep {
	return resource.TestStep{
		PreConfig: s.ResetRequests,
		Config:    s.Config(configuration),
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
		},
		Check: resource.ComposeAggregateTestCheckFunc(checks...),
	}
}

// comparedValue collects a value from several steps and compares them.
type comparedValue interface {
	AddStateValue(resourceAddress string, attributePath tfjsonpath.Path) statecheck.StateCheck
}

// sameID fails a test in which the key's id changes from step to step.
func sameID() comparedValue { return statecheck.CompareValue(compare.ValuesSame()) }

func withID(value comparedValue, step resource.TestStep) resource.TestStep {
	step.ConfigStateChecks = append(step.ConfigStateChecks, value.AddStateValue(address, tfjsonpath.New("id")))
	return step
}

// requests checks the requests of one kind that the step has made so far. A
// nil body stands for any.
func requests(s *acctest.Service, method string, bodies ...map[string]any) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []simulator.Request
		for _, request := range s.Writes() {
			if request.Method == method {
				got = append(got, request)
			}
		}
		if len(got) != len(bodies) {
			return fmt.Errorf("%d requests of %s, expected %d", len(got), method, len(bodies))
		}
		for i, want := range bodies {
			if err := sameBody(got[i], want); want != nil && err != nil {
				return err
			}
		}
		return nil
	}
}

func patches(s *acctest.Service, bodies ...map[string]any) resource.TestCheckFunc {
	return requests(s, http.MethodPatch, bodies...)
}

func sameBody(request simulator.Request, want map[string]any) error {
	expected, err := json.Marshal(want)
	if err != nil {
		return err
	}
	var left, right any
	if err := json.Unmarshal(request.Body, &left); err != nil {
		return err
	}
	if err := json.Unmarshal(expected, &right); err != nil {
		return err
	}
	if !reflect.DeepEqual(left, right) {
		return fmt.Errorf("%s %s was sent %s, expected %s", request.Method, request.Path, request.Body, expected)
	}
	return nil
}

// held checks the only key that the service holds.
func held(s *acctest.Service, check func(simulator.Key) error) resource.TestCheckFunc {
	return func(*terraform.State) error {
		keys := s.Keys()
		if len(keys) != 1 {
			return fmt.Errorf("the service holds %d keys, expected 1", len(keys))
		}
		return check(keys[0])
	}
}

var errorf = fmt.Errorf

// redacted is a key that can be shown.
func redacted(key simulator.Key) simulator.Key {
	key.APISecret, key.KafkaPassword = "", ""
	return key
}
