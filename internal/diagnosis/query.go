// SPDX-License-Identifier: MPL-2.0

package diagnosis

import "strings"

// ExplainQuery is Explain for what a query does: nothing is planned or changed,
// and there is no resource whose timeouts could be raised.
func ExplainQuery(operation Operation, err error) (summary, detail string) {
	summary, detail = Explain(operation, err)
	if instead := queryAdvice[summary]; instead != "" {
		_, advice := classify(operation, err)
		detail = strings.Replace(detail, advice, instead, 1)
	}
	return summary, detail
}

// queryAdvice is what to do where the advice of other operations does not fit.
var queryAdvice = map[string]string{
	"Project key not found": "The key was deleted after it was listed. Run the query again.",
	"Streamkap's rate limit is reached": "Wait, then run the query again for fewer keys at a time, by name_regex in the list block, " +
		"or raise max_retries in the provider block.",
	"Streamkap did not answer in time": "Run the query again. If it keeps happening, check status and network, " +
		"and ask for fewer keys at a time, by name_regex in the list block.",
}
