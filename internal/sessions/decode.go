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

// malformed is an answer with status 200 that is not what the API documents.
type malformed struct{ what string }

func (e *malformed) Error() string { return e.what }

// errTruncated is an answer that ends in the middle.
var errTruncated = errors.New("the answer ends in the middle")

// decoder reads answers one after the other and reuses what it can.
type decoder struct {
	json    *jsontext.Decoder
	source  noted
	scratch []byte
	page    *page
}

func newDecoder() *decoder { return &decoder{json: new(jsontext.Decoder)} }

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
		return &malformed{"the answer is empty"}
	case d.source.html:
		return &malformed{"the answer is a web page, not JSON"}
	}
	return &malformed{"the answer is not JSON"}
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
		success = "true"
		message string
		members []string
	)
	if kind := d.json.PeekKind(); kind != '{' {
		if _, err := d.json.ReadToken(); err != nil {
			return err
		}
		return &malformed{"the answer is " + kindName(kind) + ", not an object"}
	}
	err := d.object(func(name string) error {
		if len(members) < 8 {
			members = append(members, printable(name, 30))
		}
		switch name {
		case "success":
			value, err := d.json.ReadValue()
			success = printable(string(value), 20)
			return err
		case "data":
			return d.objectIfAny(func(name string) error {
				if name != "sessions" {
					return d.json.SkipValue()
				}
				found = true
				return d.rows()
			})
		case "paging":
			return d.objectIfAny(d.paging)
		case "errors":
			value, err := d.json.ReadValue()
			_, message = problemOf(value, nil)
			return err
		case "error":
			value, err := d.json.ReadValue()
			_, message = problemOf(nil, value)
			return err
		}
		return d.json.SkipValue()
	})
	switch {
	case err != nil:
		return err
	case success != "true" && message != "":
		return &malformed{"the answer says success:" + success + ": " + message}
	case success != "true":
		return &malformed{"the answer says success:" + success}
	case !found:
		return &malformed{"the answer has no data.sessions (it has " + strings.Join(members, ", ") + ")"}
	}
	if _, err := d.json.ReadToken(); err != io.EOF {
		if err == nil {
			err = &malformed{"the answer goes on after its end"}
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
	if n, bad := strconv.Atoi(string(value)); bad == nil && n >= 0 {
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
		return &malformed{"data.sessions is " + kindName(kind) + ", not an array"}
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
