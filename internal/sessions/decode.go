package sessions

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxTitle is how much of a title is kept, in bytes. A digest shows less;
// titles of ten megabytes must not be held for every session.
const maxTitle = 400

// page is one answer of the sessions API.
type page struct {
	rows  []row
	total int // paging.total_count, -1 when there is none
}

// malformed is an answer with status 200 that is not what the API documents.
type malformed struct{ what string }

func (e *malformed) Error() string { return e.what }

// errTruncated is an answer that ends in the middle.
var errTruncated = errors.New("the answer ends in the middle")

// decodePage reads one answer as it streams. It is strict: what is missing,
// null or of another kind in a row makes that row's problem, what is wrong
// with the envelope is a malformed error, a body that ends early is
// errTruncated, and an error of the reader comes back as it is.
func decodePage(body io.Reader) (page, error) {
	source := &noted{reader: body}
	p, err := (&decoder{json: jsontext.NewDecoder(source,
		// Other people's text: what is not UTF-8 is replaced, and a member that
		// stands twice is looked at where it matters.
		jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))}).page()
	switch {
	case err == nil:
		return p, nil
	case source.err != nil && source.err != io.EOF:
		return page{}, source.err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return page{}, errTruncated
	}
	var wrong *malformed
	if errors.As(err, &wrong) {
		return page{}, err
	}
	if err == io.EOF {
		return page{}, &malformed{"the answer is empty"}
	}
	if source.html {
		return page{}, &malformed{"the answer is a web page, not JSON"}
	}
	return page{}, &malformed{"the answer is not JSON"}
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

type decoder struct {
	json    *jsontext.Decoder
	scratch []byte
}

// page reads the whole body.
func (d *decoder) page() (page, error) {
	p := page{total: -1}
	var (
		found   bool
		success = "true"
		message string
		members []string
	)
	if kind := d.json.PeekKind(); kind != '{' {
		if _, err := d.json.ReadToken(); err != nil {
			return p, err
		}
		return p, &malformed{"the answer is " + kindName(kind) + ", not an object"}
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
			return d.member("sessions", func() error {
				found = true
				return d.sessions(&p)
			})
		case "paging":
			return d.member("total_count", func() error {
				value, err := d.json.ReadValue()
				if n, bad := strconv.Atoi(string(value)); bad == nil && n >= 0 {
					p.total = n
				}
				return err
			})
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
		return p, err
	case success != "true" && message != "":
		return p, &malformed{"the answer says success:" + success + ": " + message}
	case success != "true":
		return p, &malformed{"the answer says success:" + success}
	case !found:
		return p, &malformed{"the answer has no data.sessions (it has " + strings.Join(members, ", ") + ")"}
	}
	if _, err := d.json.ReadToken(); err != io.EOF {
		if err == nil {
			err = &malformed{"the answer goes on after its end"}
		}
		return p, err
	}
	return p, nil
}

// object reads an object and calls each with every member's name; each must
// read the member's value.
func (d *decoder) object(each func(name string) error) error {
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	for d.json.PeekKind() != '}' {
		name, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		// A name with escapes in it is none that is looked for.
		if err := each(string(bytes.Trim(name, `"`))); err != nil {
			return err
		}
	}
	_, err := d.json.ReadToken()
	return err
}

// member calls found at the value of an object's member. What is not an
// object has no members.
func (d *decoder) member(name string, found func() error) error {
	if d.json.PeekKind() != '{' {
		return d.json.SkipValue()
	}
	return d.object(func(n string) error {
		if n != name {
			return d.json.SkipValue()
		}
		return found()
	})
}

// sessions reads the array of rows.
func (d *decoder) sessions(p *page) error {
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
	p.rows = p.rows[:0]
	for d.json.PeekKind() != ']' {
		r, err := d.row()
		if err != nil {
			return err
		}
		p.rows = append(p.rows, r)
	}
	_, err := d.json.ReadToken()
	return err
}
