// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

type script = testscript.TestScript

// commands are those that scripts have besides testscript's own. doc.go explains
// them.
var commands = map[string]func(*script, bool, []string){
	"terraform": func(ts *script, neg bool, args []string) { ends(ts, neg, ts.Exec("terraform", args...)) },
	"guide":     guide,
	"workflow":  workflow,
	"example":   copyExample,
	"replace":   replace,
	"mirror":    mirror,
	"finish":    finish,
	"setenv":    func(ts *script, _ bool, args []string) { ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1]))) },
	"place":     func(ts *script, _ bool, args []string) { ts.Check(place(ts.MkAbs(args[0]), args[1], args[2])) },
	"says":      says,
	"seed":      seed,
	"modify":    modify,
	"keys":      keys,
	"requests":  requests,
	"writes":    writes,
	"holds":     holds,
	"sent":      sent,
	"hide":      hide,
}

type value string

// Where a script's service and workspace are found.
const (
	serviceOf value = "service"
	workspace value = "workspace"
)

func service(ts *script) *acctest.Service {
	s, ok := ts.Value(serviceOf).(*acctest.Service)
	if !ok {
		ts.Fatalf("there is no service")
	}
	return s
}

// ends fails a script whose command succeeds or fails against expectation.
func ends(ts *script, neg bool, err error) {
	if (err != nil) != neg {
		ts.Fatalf("the command ends with %v", err)
	}
}

// finish plans, which must find nothing to do, and destroys everything. What the
// service then still holds is so many keys, or none.
func finish(ts *script, _ bool, args []string) {
	left := "0"
	if len(args) > 0 {
		left = args[0]
	}
	ts.Check(ts.Exec("terraform", "plan", "-detailed-exitcode"))
	ts.Check(ts.Exec("terraform", "destroy"))
	if have := strconv.Itoa(len(service(ts).Keys())); have != left {
		ts.Fatalf("the service still holds %s keys", have)
	}
}

// guide runs blocks of commands of a page in one shell.
func guide(ts *script, neg bool, args []string) {
	page := "templates/guides/" + args[0] + ".md.tmpl"
	if strings.HasSuffix(args[0], ".md") {
		page = args[0]
	}
	text := repositoryFile(ts, page)
	commands := ""
	for i, first := range args[1:] {
		first = strings.ReplaceAll(first, `\n`, "\n")
		if first == "--" {
			commands += strings.Join(args[i+2:], "\n")
			break
		}
		_, block, found := strings.Cut(text, "```shell\n"+first)
		if !found {
			_, block, found = strings.Cut(text, "```sh\n"+first)
		}
		if !found {
			ts.Fatalf("%s has no commands that begin with %q", page, first)
		}
		block, _, _ = strings.Cut(block, "```")
		commands += first + block
	}
	ends(ts, neg, ts.Exec("sh", "-euc", strings.ReplaceAll(commands, "http://127.0.0.1:8089", service(ts).URL)))
}

// workflow runs a step of the workflow that is an example, with the environment
// that it has there.
func workflow(ts *script, neg bool, args []string) {
	_, step, found := strings.Cut(repositoryFile(ts, "examples/guides/pipeline/keys.yml"), "      - name: "+args[0]+"\n")
	if !found {
		ts.Fatalf("the workflow has no step %q", args[0])
	}
	step, _, _ = strings.Cut(step, "\n      - ")
	commands := ""
	for _, variable := range regexp.MustCompile(`(?m)^          (\w+): ['"](.*)['"]`).FindAllStringSubmatch(step, -1) {
		commands += "export " + variable[1] + "='" + variable[2] + "'\n"
	}
	_, run, _ := strings.Cut(step, "        run: ")
	commands += strings.TrimPrefix(strings.ReplaceAll(run, "          ", ""), "|\n")
	ends(ts, neg, ts.Exec("sh", "-euc", commands))
}

// copyExample copies a file, or a folder, below examples.
func copyExample(ts *script, _ bool, args []string) {
	from, to := filepath.Join(root, "examples", filepath.FromSlash(args[0])), ts.MkAbs("")
	if len(args) > 1 {
		to = ts.MkAbs(args[1])
	}
	info, err := os.Stat(from)
	ts.Check(err)
	names := []string{""}
	if info.IsDir() {
		names, err = filesBelow(from)
		ts.Check(err)
	} else if len(args) < 2 {
		to = filepath.Join(to, filepath.Base(from))
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(from, name))
		ts.Check(err)
		file := filepath.Join(to, name)
		ts.Check(os.MkdirAll(filepath.Dir(file), 0o700))
		mode := os.FileMode(0o600)
		if strings.HasSuffix(file, ".sh") {
			mode = 0o700
		}
		ts.Check(os.WriteFile(file, text, mode))
	}
}

func replace(ts *script, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	old, now := strings.ReplaceAll(args[1], `\n`, "\n"), strings.ReplaceAll(args[2], `\n`, "\n")
	if !strings.Contains(text, old) {
		ts.Fatalf("%s is without %q: %s", args[0], old, text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, old, now, 1)), 0o600))
}

// mirror has the CLI install the provider, instead of using the one that the
// settings name.
func mirror(ts *script, _ bool, _ []string) {
	dir := filepath.Join(ts.Getenv("WORK"), "mirror")
	ts.Check(place(dir, "streamkap-com/streamkap", ts.Getenv("PROVIDER")))
	settings := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(dir))
	ts.Check(os.WriteFile(ts.Getenv("TF_CLI_CONFIG_FILE"), []byte(settings), 0o600))
}

// says looks for texts in what the last command printed, however it was wrapped.
func says(ts *script, neg bool, args []string) {
	printed := acctest.OneLine(ts.ReadFile("stdout") + "\n" + ts.ReadFile("stderr"))
	for _, text := range args {
		if strings.Contains(printed, text) == neg {
			ts.Fatalf("%q is expected: %t", text, !neg)
		}
	}
}

// seed makes keys as the web interface would, from the form that a seed file has.
func seed(ts *script, _ bool, args []string) {
	for _, arg := range args {
		_, err := service(ts).Plant(json.RawMessage(os.Expand(arg, ts.Getenv)))
		ts.Check(err)
	}
}

// named is the key with a name.
func named(ts *script, name string) simulator.Key {
	for _, key := range service(ts).Keys() {
		if key.Name == name {
			return key
		}
	}
	ts.Fatalf("the service has no key %q", name)
	return simulator.Key{}
}

// modify changes a key behind the CLI's back.
func modify(ts *script, _ bool, args []string) {
	service(ts).Modify(named(ts, args[0]).ID, func(key *simulator.Key) { ts.Check(json.Unmarshal([]byte(args[1]), key)) })
}

// keys prints the service's keys, one a line.
func keys(ts *script, _ bool, _ []string) {
	out := json.NewEncoder(ts.Stdout())
	for _, key := range service(ts).Keys() {
		ts.Check(out.Encode(key))
	}
}

// requests prints those since the last time.
func requests(ts *script, _ bool, _ []string) {
	printRequests(ts, service(ts).Requests())
}

// writes prints those that were to change something.
func writes(ts *script, _ bool, _ []string) {
	printRequests(ts, service(ts).Writes())
}

func printRequests(ts *script, requests []simulator.Request) {
	out := ts.Stdout() // what was there before is gone, even without a request
	for _, request := range requests {
		fmt.Fprintln(out, request.Method, request.Path)
	}
	service(ts).ResetRequests()
}

var ageFile = regexp.MustCompile(`(?s)-----BEGIN AGE.*?-----END AGE ENCRYPTED FILE-----`)

// holds looks in a file for a field of a key, decrypted if it has to be.
func holds(ts *script, neg bool, args []string) {
	exactly := args[0] == "-exactly"
	if exactly {
		args = args[1:]
	}
	text := ts.ReadFile(args[0])
	for _, file := range ageFile.FindAllString(strings.ReplaceAll(text, `\n`, "\n"), -1) {
		secret, err := decrypt(reader.String(), file)
		ts.Check(err)
		text += secret
	}
	want := field(ts, named(ts, args[1]), args[2])
	if strings.Contains(text, want) == neg || exactly && text != want {
		ts.Fatalf("%s of %s is expected: %t", args[2], args[1], !neg)
	}
}

func field(ts *script, key simulator.Key, name string) string {
	var fields map[string]any
	encoded, err := json.Marshal(key)
	ts.Check(err)
	ts.Check(json.Unmarshal(encoded, &fields))
	text, _ := fields[name].(string)
	if text == "" {
		ts.Fatalf("the key %s has no %s", key.Name, name)
	}
	return text
}

// sent compares how often each store was given a secret, and what it was given
// last, with the field of a key.
func sent(ts *script, _ bool, args []string) {
	files, err := filepath.Glob(filepath.Join(ts.Getenv("KEPT"), "*"+args[0]))
	ts.Check(err)
	times, err := strconv.Atoi(args[1])
	ts.Check(err)
	if len(files) != len(standInTypes)-1 && times > 0 || len(files) > 0 && times == 0 {
		ts.Fatalf("the stores that were sent one are %q", files)
	}
	for _, file := range files {
		lines := strings.Split(strings.TrimSpace(ts.ReadFile(file)), "\n")
		if len(lines) != times || !strings.Contains(lines[times-1], field(ts, named(ts, args[2]), args[3])) {
			ts.Fatalf("%s has %d lines, and the last is not what is in force", file, len(lines))
		}
	}
}

// hide says that no file may hold what the service has issued or taken until now,
// nor the reader's identity.
func hide(ts *script, _ bool, _ []string) {
	if w, ok := ts.Value(workspace).(*acctest.Workspace); ok {
		w.Hide(append(service(ts).Secrets(), reader.String())...)
	} else {
		ts.Fatalf("there is no workspace")
	}
}

// repositoryFile is a text of the repository.
func repositoryFile(ts *script, name string) string {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	ts.Check(err)
	return string(text)
}
