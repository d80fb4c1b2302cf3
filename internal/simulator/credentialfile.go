// SPDX-License-Identifier: MPL-2.0

package simulator

// credentialFile is the answer to `POST /project-keys`: what users download.
// It has no status, and it is the only answer with secrets in it besides the
// new credentials of an update.
func (v view) credentialFile(k Key) object {
	file := v.withAttributes(inFile, k, object{
		"type":           "streamkap_project_key",
		"project_key_id": k.ID,
		"project":        object{"service_id": k.ServiceID, "name": v.cfg.project(k.ServiceID).Name},
		"api":            nil,
		"kafka":          nil,
		"created_at":     formatTime(k.CreatedAt),
		"created_by":     k.CreatedBy,
	})
	if k.HasAPI() {
		file["api"] = v.apiCredentials(k)
	}
	if k.HasKafka() {
		file["kafka"] = v.kafkaCredentials(k)
	}
	return file
}

// apiCredentials is the section `api`, and `new_api_credentials` of an update.
func (v view) apiCredentials(k Key) object {
	roles := v.noRoles(k)
	if len(k.RoleIDs) > 0 {
		roles = v.roleIDs(k)
	}
	return object{
		"client_id":      k.APIClientID,
		"client_secret":  k.APISecret,
		"token_endpoint": v.base + "/auth/access-token",
		"api_url":        v.base,
		"roles":          roles,
	}
}

// kafkaCredentials is the section `kafka`, and `new_kafka_credentials` of an update.
func (v view) kafkaCredentials(k Key) object {
	registry := v.text("")
	if k.SchemaRegistry {
		registry = "https://" + schemaHost(k)
	}
	return object{
		"username":            k.KafkaUsername,
		"password":            k.KafkaPassword,
		"bootstrap_servers":   v.kafkaServers(k),
		"security_protocol":   "SASL_SSL",
		"sasl_mechanism":      "PLAIN",
		"schema_registry_url": registry,
	}
}

// kafkaServers lists the addresses at which a key's Kafka access works. Those
// that are made up are under a domain that never resolves.
func (v view) kafkaServers(k Key) string {
	if v.cfg.KafkaServers != "" {
		return v.cfg.KafkaServers
	}
	host := "simulated-" + k.KafkaUsername + ".kafka.invalid"
	return host + ":32400," + host + ":32401"
}

func schemaHost(k Key) string { return "simulated-" + k.KafkaUsername + ".schema.invalid:32400" }
