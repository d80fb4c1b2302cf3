package diagnosis

// forQuery is what to do where a query failed.
func forQuery(summary, advice string) string {
	switch summary {
	case "Project key not found":
		return "The key was deleted after it was listed. Run terraform query again."
	case "Streamkap's rate limit is reached":
		return "Wait, then run terraform query again for fewer keys at a time, by name_regex in the list block, or raise max_retries in the provider block."
	case "Streamkap did not answer in time":
		return "Run terraform query again. If it keeps happening, check status and network, and ask for fewer keys at a time, by name_regex in the list block."
	}
	return advice
}
