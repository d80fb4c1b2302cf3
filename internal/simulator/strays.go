// SPDX-License-Identifier: MPL-2.0

package simulator

// Strays are answers of something between client and service that has lost its
// way to the service. They say nothing about the key that was asked for,
// although some of them read as if they did. A test names the requests that
// are to meet them.
func Strays() map[string]Fault {
	return map[string]Fault{
		"default backend":   {Status: 404, Body: "default backend - 404"},
		"empty 404":         {Status: 404},
		"gateway page":      {Status: 404, Body: GatewayPage(404)},
		"no route":          {Status: 404, Body: `{"error":"route not found"}`},
		"no such host":      {Status: 421, Body: "no such host"},
		"no such host, 418": {Status: 418, Body: `{"detail":"no such host"}`},
	}
}

// Husks are answers with the code of success and nothing in them that the
// request asked for.
func Husks() map[string]Fault {
	return map[string]Fault{
		"empty":          {Status: 200, Processed: true},
		"null":           {Status: 200, Processed: true, Body: "null"},
		"empty text":     {Status: 200, Processed: true, Body: `""`},
		"empty object":   {Status: 200, Processed: true, Body: "{}"},
		"list of empty":  {Status: 200, Processed: true, Body: "[{}]"},
		"list of null":   {Status: 200, Processed: true, Body: "[null]"},
		"a sign-in page": {Status: 200, Processed: true, Body: "<html><title>Sign in</title></html>"},
		"no API access":  {Set: `{"api_client_id":null,"api_client_id_masked_secret":null,"roles":null}`},
		"no Kafka user":  {Set: `{"kafka_username":null}`},
	}
}
