// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// wantsColor follows https://no-color.org.
func wantsColor(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// printer is the voice of the demo. Lines of the CLI are set in; see transcript.
type printer struct {
	out   io.Writer
	color bool
}

const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (p *printer) paint(style, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// title and heading stand above a rule of their own length.
func (p *printer) title(text string) {
	fmt.Fprintf(p.out, "\n%s\n%s\n\n", p.paint(bold, text), strings.Repeat("=", len(text)))
}

func (p *printer) heading(number int, text string) {
	text = fmt.Sprintf("%d. %s", number, text)
	fmt.Fprintf(p.out, "\n%s\n%s\n\n", p.paint(bold, text), strings.Repeat("-", len(text)))
}

func (p *printer) say(format string, args ...any)  { fmt.Fprintf(p.out, format+"\n", args...) }
func (p *printer) item(format string, args ...any) { fmt.Fprintf(p.out, "  "+format+"\n", args...) }
func (p *printer) gap()                            { fmt.Fprintln(p.out) }
func (p *printer) shell(command string)            { p.say("%s", p.paint(cyan, "$ "+command)) }
func (p *printer) note(text string)                { p.say("%s", p.paint(dim, text)) }

// claim is something that the demo says and has looked at before.
type claim struct {
	text  string
	holds bool
}

// verify prints the claims, up to the first that does not hold.
func (p *printer) verify(claims ...claim) error {
	p.gap()
	for _, claim := range claims {
		if !claim.holds {
			return fmt.Errorf("this should be so, and is not: %s", claim.text)
		}
		p.say("%s %s", p.paint(green, "✓"), claim.text)
	}
	return nil
}
