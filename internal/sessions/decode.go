package sessions

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// page is one answer of the sessions API. Its rows point into text.
type page struct {
	rows  []row
	total int // paging.total_count, -1 when there is none
	first int // paging.start_offset, the position of the first row; -1 when there is none
	text  []byte
}

// maxTotal is the largest number of sessions that an announced total can mean.
const maxTotal = 1_000_000_000

// malformed is an answer with status 200 that is not what the API documents.
type malformed struct {
	what    string
	refused bool // it says itself that it failed
}

func (e *malformed) Error() string { return e.what }

// errTruncated is an answer that ends in the middle.
var errTruncated = errors.New("the JSON is cut off")

// decoder reads answers one after the other and reuses what it can.
type decoder struct {
	json    *jsontext.Decoder
	source  noted
	scratch []byte
	page    *page
	secret  string
}

// newDecoder is a decoder whose errors do not hold the secret.
func newDecoder(secret string) *decoder {
	return &decoder{json: new(jsontext.Decoder), secret: secret}
}

// show is other people's text for an error.
func (d *decoder) show(s string, limit int) string {
	return printable(redact(s, d.secret), limit)
}

// problemOf is problemOf without the secret.
func (d *decoder) problemOf(gateway, service []byte) (int, string) {
	return problemOf([]byte(redact(string(gateway), d.secret)), []byte(redact(string(service), d.secret)))
}

// decode reads one answer into p as it streams. It is strict: what is missing,
// null or of another kind in a row makes that row's problem, what is wrong
// with the envelope is a malformed error, a body that ends early is
// errTruncated, and an error of the reader comes back as it is.
func (d *decoder) decode(body io.Reader, p *page) error {
	d.source = noted{reader: body}
	// Other people's text: what is not UTF-8 is replaced, and a member that
	// stands twice is looked at where it matters.
	d.json.Reset(&d.source, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	d.page = p
	p.rows, p.text, p.total, p.first = p.rows[:0], p.text[:0], -1, -1
	err := d.envelope()
	switch {
	case err == nil:
		return nil
	case d.source.err != nil && d.source.err != io.EOF:
		return d.source.err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errTruncated
	}
	var wrong *malformed
	switch {
	case errors.As(err, &wrong):
		return err
	case err == io.EOF:
		return &malformed{what: "the answer is empty"}
	case d.source.html:
		return &malformed{what: "the answer is a web page, not JSON"}
	}
	return &malformed{what: "the answer is not JSON"}
}

// noted remembers what the decoder hides: the reader's own error and whether
// the body looked like a web page.
type noted struct {
	reader io.Reader
	err    error
	begun  bool
	html   bool
}

func (n *noted) Read(b []byte) (int, error) {
	k, err := n.reader.Read(b)
	if !n.begun && k > 0 {
		n.begun, n.html = true, b[0] == '<'
	}
	if err != nil {
		n.err = err
	}
	return k, err
}

// envelope reads the whole body.
func (d *decoder) envelope() error {
	var (
		found   bool
		success string
		failure bool // there is an error
		message string
		members []string
	)
	if kind := d.json.PeekKind(); kind != '{' {
		if _, err := d.json.ReadToken(); err != nil {
			return err
		}
		return &malformed{what: "the answer is " + kindName(kind) + ", not an object"}
	}
	err := d.object(func(name string) error {
		if len(members) < 8 {
			members = append(members, d.show(name, 30)+" "+kindName(d.json.PeekKind()))
		}
		switch name {
		case "success":
			value, err := d.json.ReadValue()
			if success == "" || success == "true" {
				success = d.show(string(value), 20)
			}
			return err
		case "data":
			return d.objectIfAny(func(name string) error {
				if name != "sessions" {
					return d.json.SkipValue()
				}
				if found {
					return &malformed{what: "the answer has data.sessions twice"}
				}
				found = true
				return d.rows()
			})
		case "paging":
			return d.objectIfAny(d.paging)
		case "errors":
			value, err := d.json.ReadValue()
			failure = failure || len(value) > 2 && value.Kind() == '['
			_, message = d.problemOf(value, nil)
			return err
		case "error":
			value, err := d.json.ReadValue()
			failure = failure || value.Kind() != 'n'
			_, message = d.problemOf(nil, value)
			return err
		}
		return d.json.SkipValue()
	})
	if success == "" && !failure {
		success = "true" // every member of the envelope is optional
	}
	switch {
	case err != nil:
		return err
	case success == "":
		return &malformed{what: "it says that there is an error: " + message, refused: true}
	case success != "true" && message != "":
		return &malformed{what: "it says success:" + success + ": " + message, refused: true}
	case success != "true":
		return &malformed{what: "it says success:" + success, refused: true}
	case !found:
		return &malformed{what: "the answer has no data.sessions (it has " + strings.Join(members, ", ") + ")"}
	}
	if _, err := d.json.ReadToken(); err != io.EOF {
		if err == nil {
			err = &malformed{what: "the answer goes on after its end"}
		}
		return err
	}
	return nil
}

// paging reads one member of paging.
func (d *decoder) paging(name string) error {
	var to *int
	switch name {
	case "total_count":
		to = &d.page.total
	case "start_offset":
		to = &d.page.first
	default:
		return d.json.SkipValue()
	}
	value, err := d.json.ReadValue()
	if n, bad := strconv.Atoi(string(value)); bad == nil && n >= 0 && n <= maxTotal {
		*to = n
	}
	return err
}

// object reads an object and calls each with every member's name; each must
// read the member's value. A name with escapes in it is none that is looked
// for, and is not unescaped.
func (d *decoder) object(each func(name string) error) error {
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	for d.json.PeekKind() != '}' {
		name, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		if err := each(strings.Trim(string(name), `"`)); err != nil {
			return err
		}
	}
	_, err := d.json.ReadToken()
	return err
}

// objectIfAny is object for a value that may be of another kind, and then has
// no members.
func (d *decoder) objectIfAny(each func(name string) error) error {
	if d.json.PeekKind() != '{' {
		return d.json.SkipValue()
	}
	return d.object(each)
}

// rows reads the array of rows.
func (d *decoder) rows() error {
	kind := d.json.PeekKind()
	if kind != '[' {
		if err := d.json.SkipValue(); err != nil {
			return err
		}
		return &malformed{what: "data.sessions is " + kindName(kind) + ", not an array"}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	d.page.rows = d.page.rows[:0]
	for d.json.PeekKind() != ']' {
		r, err := d.row()
		if err != nil {
			return err
		}
		d.page.rows = append(d.page.rows, r)
	}
	_, err := d.json.ReadToken()
	return err
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '[':
		return "an array"
	case '{':
		return "an object"
	}
	return "not JSON"
}
