// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// secretsMatch checks that the state holds the secrets that the service
// issued, and that credential_json is made of them.
func secretsMatch(s *acctest.Service) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		attributes := state.RootModule().Resources[address].Primary.Attributes
		return held(s, func(key simulator.Key) error {
			if attributes["api.client_secret"] != key.APISecret || attributes["api.client_id"] != key.APIClientID {
				return fmt.Errorf("the client id or secret in the state is not what the service issued")
			}
			var file struct {
				Type         string
				ProjectKeyID string `json:"project_key_id"`
				API          *struct {
					ClientSecret string `json:"client_secret"`
				}
				Kafka *struct{ Password *string }
			}
			if err := json.Unmarshal([]byte(attributes["credential_json"]), &file); err != nil {
				return err
			}
			if file.Type != "streamkap_project_key" || file.ProjectKeyID != key.ID {
				return fmt.Errorf("credential_json is of type %q and key %q", file.Type, file.ProjectKeyID)
			}
			if key.HasAPI() != (file.API != nil) || key.HasKafka() != (file.Kafka != nil) {
				return fmt.Errorf("credential_json lacks a section, or has one too many")
			}
			if file.API != nil && file.API.ClientSecret != key.APISecret {
				return fmt.Errorf("credential_json holds another client secret")
			}
			if file.Kafka != nil && !reflect.DeepEqual(file.Kafka.Password, textOrNil(attributes["kafka.password"])) {
				return fmt.Errorf("credential_json holds a password that kafka.password does not")
			}
			return nil
		})(state)
	}
}

func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
