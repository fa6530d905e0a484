package blockkit

import (
	"fmt"
	"strings"
)

// Problem is one reason why Slack would refuse a message.
type Problem struct {
	// Pointer is the JSON pointer (RFC 6901) of what is wrong, from the
	// message's root: "/text" or "/blocks/2/rows/5/1/text". It is empty for
	// what is wrong with the message as a whole: too many characters over all
	// of its text blocks.
	Pointer string
	// Message names the limit and the value found, never the text itself.
	Message string
}

// InvalidError is the error of Validate and ValidateJSON: every problem of
// the message, in the order of its blocks.
type InvalidError struct{ Problems []Problem }

// maxProblemsNamed keeps the error of a table of 4,000 bad cells readable.
const maxProblemsNamed = 10

// Error names the first ten problems and counts the others.
func (e *InvalidError) Error() string {
	var b strings.Builder
	b.WriteString("invalid message: ")
	for i, p := range e.Problems {
		if i == maxProblemsNamed {
			fmt.Fprintf(&b, "; and %d more", len(e.Problems)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		if p.Pointer != "" {
			b.WriteString(p.Pointer + ": ")
		}
		b.WriteString(p.Message)
	}
	return b.String()
}
