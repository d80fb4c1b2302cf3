// SPDX-License-Identifier: MPL-2.0

package main

import "time"

// introduce says where the requests go, and what is about to be applied.
func (d *demo) introduce(host string) {
	d.say("Started a simulated Streamkap API in this process. It takes %s to provision a", provisionTime)
	d.say("key, and it spells and sorts its answers differently from what it was asked.")
	d.say("Behind it is a Kafka broker, on loopback too, that lets in whom a key lets in.")
	d.gap()
	d.say("The configuration is examples/demo. Three lines say where it goes, and as whom:")
	d.gap()
	cfg := d.server.Config()
	d.export("STREAMKAP_HOST", host)
	d.export("STREAMKAP_CLIENT_ID", cfg.ClientID)
	d.exportSecret("STREAMKAP_SECRET", cfg.Secret)
	d.gap()
	d.say("And one says who can read the secrets of the keys: whoever has the private half")
	d.say("of this pair, which age-keygen could have made. It stays in this process.")
	d.gap()
	recipients := `["` + d.reader.Recipient().String() + `"]`
	d.shell("export TF_VAR_secret_recipients='" + recipients + "'")
	d.Set("TF_VAR_secret_recipients", recipients)
}

// farewell is what the demo is for: that somebody goes on from here.
func (d *demo) farewell(took time.Duration) {
	d.heading(len(d.steps())+1, "Now the real service")
	d.say("These three lines point the same configuration at your Streamkap project:")
	d.gap()
	d.shell("export STREAMKAP_HOST=https://api.streamkap.com   # also the default")
	d.shell("export STREAMKAP_CLIENT_ID=<client id>")
	d.shell("export STREAMKAP_SECRET=<client secret>")
	d.gap()
	d.say("Client ID and secret are those of a project key with API access; Streamkap makes")
	d.say("one under Project Settings > Project Keys.")
	d.gap()
	d.note("Took " + took.Round(time.Second).String() + ". The simulator is stopped and the temporary directory is gone.")
}
