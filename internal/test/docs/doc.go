// SPDX-License-Identifier: MPL-2.0

// Package docs holds nothing but tests: each example in the repository is run by
// one, the guides take their configurations from the examples, and what texts
// say of the repository holds.
//
// The scripts in testdata run examples and the commands of guides with a CLI, at
// a simulated service of their own. They are testscript's (see "go doc
// github.com/rogpeppe/go-internal/testscript"), where "!" before a command means
// that it fails. Besides its commands there are
//
//	example NAME [TO]          copies a file, or the files of a folder, below examples
//	replace FILE OLD NEW       replaces a text of a file
//	setenv NAME FILE           sets a variable to what is in a file
//	terraform ARGS             runs the CLI; "apply" and "destroy" ask nobody
//	guide NAME BLOCK...        runs a guide's blocks of commands, by how they begin, and
//	                           lines of the script's own after "--"
//	workflow STEP              runs a step of the workflow of the guide on pipelines
//	mirror                     has "terraform init" install the provider
//	place MIRROR ADDRESS FILE  puts a provider into a mirror of the script's own
//	finish [KEYS]              plans nothing, and destroys all but so many keys
//
// and, for what came of that,
//
//	says TEXT...               looks for texts in what was printed, in one line
//	seed KEY...                makes keys as a seed file does
//	modify NAME MEMBERS        changes a key as somebody else
//	keys                       prints the service's keys, one a line
//	requests, writes           print the requests since the last time
//	holds [-exactly] FILE KEY FIELD  compares a file, decrypted, with what "keys" prints
//	sent KIND TIMES [KEY FIELD]      compares what all secret stores were given
//	hide                       says that no file may hold what the service has issued
//
// The programs age, kubectl, vault and curl, and the providers of secret stores,
// are stand-ins: see main_test.go and testdata/bin.
package docs
