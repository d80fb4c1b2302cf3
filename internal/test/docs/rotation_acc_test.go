// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccExampleOfRotationByCalendarMakesUpForMissedRuns has time pass by
// moving the start into the past.
func TestAccExampleOfRotationByCalendarMakesUpForMissedRuns(t *testing.T) {
	r := newRun(t)
	r.copyTo(t, "guides/fleet/key", "key")
	r.copyTo(t, "guides/rotation-by-calendar", "")
	r.Write("main.tf", strings.Replace(read(t, "examples/guides/rotation/main.tf"), "generation = 1 ", "generation = local.current ", 1))
	r.complete(t)
	r.Setenv("TF_VAR_secret_recipients", recipients)
	r.skipOldCLI(t, false)
	r.Run("get", "-no-color")
	r.Setenv("TF_VAR_orders_password", passwords[0])
	start := "2026-11"
	for _, step := range []struct {
		passed    int // months since the start
		does      string
		usernames string
	}{
		{0, "1 added, 0 changed, 0 destroyed", "orders-g1"},
		{2, "0 added, 0 changed, 0 destroyed", "orders-g1"},
		{3, "1 added, 0 changed, 0 destroyed", "orders-g1 orders-g2"},
		{14, "1 added, 0 changed, 1 destroyed", "orders-g2 orders-g3"}, // generation 5 is due
		{14, "1 added, 0 changed, 1 destroyed", "orders-g3 orders-g4"},
		{14, "1 added, 0 changed, 1 destroyed", "orders-g4 orders-g5"},
		{14, "0 added, 0 changed, 0 destroyed", "orders-g4 orders-g5"},
		{0, "0 added, 0 changed, 0 destroyed", "orders-g4 orders-g5"}, // a clock that is wrong
	} {
		now := time.Now().UTC()
		month := now.Year()*12 + int(now.Month()) - 1 - step.passed
		next := fmt.Sprintf("%04d-%02d", month/12, month%12+1)
		r.Write("calendar.tf", strings.Replace(r.Read("calendar.tf"), `"`+start+`"`, `"`+next+`"`, 1))
		start = next
		expect(t, r.applied(), step.does)
		var usernames []string
		for _, k := range r.service.Keys() {
			usernames = append(usernames, k.KafkaUsername)
		}
		if got := strings.Join(usernames, " "); got != step.usernames {
			t.Errorf("after %d months the server holds %s, expected %s", step.passed, got, step.usernames)
		}
	}
}

// TestAccAVersionThatIsKnownLaterRotatesOnce has terraform_data, whose output is
// unknown in the plan of a change, stand in for time_rotating.
func TestAccAVersionThatIsKnownLaterRotatesOnce(t *testing.T) {
	r := newRun(t)
	r.skipBefore(t, 11)
	r.Write("main.tf", acctest.Required+`
variable "due" {
  type = number
}

variable "password" {
  type      = string
  default   = null
  sensitive = true
  ephemeral = true
}

resource "terraform_data" "orders" {
  input = var.due
}

resource "streamkap_project_key" "orders" {
  name = "orders-consumer"

  kafka {
    username            = "orders-consumer"
    password_wo         = var.password
    password_wo_version = terraform_data.orders.output
  }
}
`)
	r.Setenv("TF_VAR_due", "1795569754")
	r.Setenv("TF_VAR_password", passwords[0])
	r.applied()
	r.Setenv("TF_VAR_due", "1795569755")
	r.Setenv("TF_VAR_password", passwords[1])
	expect(t, r.applied(), "0 added, 2 changed, 0 destroyed")
	if key := r.service.Keys()[0]; key.KafkaPassword != passwords[1] || key.PasswordRotations != 1 {
		t.Errorf("the server holds %+v", key)
	}
	r.settled()

	// When the time has come again, a plan can't tell whether the password is
	// needed: it says so, and the apply that needs it changes nothing.
	r.Write("none.auto.tfvars", "password = null\n")
	r.settled()
	r.Setenv("TF_VAR_due", "1795569756")
	if printed := r.Run("plan", "-no-color"); !strings.Contains(printed, "Kafka password may be missing") {
		t.Errorf("a plan without the password says %s", printed)
	}
	if printed, err := r.Try("apply", "-auto-approve", "-no-color"); err == nil {
		t.Errorf("an apply without the password succeeds: %s", printed)
	}
	if key := r.service.Keys()[0]; key.PasswordRotations != 1 {
		t.Errorf("the server holds %+v", key)
	}
}
