package realtimekit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// answer is what is about to be sent: either a body, or a page that becomes one.
type answer struct {
	status     int
	html       bool
	retryAfter string
	body       []byte
	page       *page
}

// page is one page of rows, already in JSON.
type page struct {
	rows   [][]byte
	paging []byte // nil for none
}

// list writes the rows as a JSON array.
func (p *page) list() []byte {
	size := 2
	for _, row := range p.rows {
		size += len(row) + 1
	}
	list := append(make([]byte, 0, size), '[')
	for i, row := range p.rows {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, row...)
	}
	return append(list, ']')
}

// tail writes what comes after the data.
func (p *page) tail() []byte {
	if p.paging == nil {
		return []byte{'}'}
	}
	return slicesOf(`,"paging":`, p.paging, `}`)
}

// bytes is the whole body.
func (a *answer) bytes() []byte {
	if a.page == nil {
		return a.body
	}
	return slicesOf(`{"success":true,"data":{"sessions":`, a.page.list(), `}`, a.page.tail())
}

// slicesOf joins strings and byte slices.
func slicesOf(parts ...any) []byte {
	var buffer bytes.Buffer
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			buffer.WriteString(part)
		case []byte:
			buffer.Write(part)
		}
	}
	return buffer.Bytes()
}

// paging announces rows [from, to) of total. The offsets count from 1, as in the published example.
func paging(total, from, to int, omitTotal bool) []byte {
	var w object
	if !omitTotal {
		w.integer("total_count", total)
	}
	w.integer("start_offset", from+1)
	w.integer("end_offset", to)
	return w.close()
}

// gatewayFailure is an answer of Cloudflare's gateway. chain is the error_chain that some carry.
func gatewayFailure(status, code int, message, chain string) answer {
	body := fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":%s%s}],"messages":[],"result":null}`,
		code, appendText(nil, message), chain)
	return answer{status: status, body: []byte(body)}
}

// serviceFailure is an answer of the service behind the gateway, which has another envelope.
func serviceFailure(status int, message string) answer {
	body := fmt.Sprintf(`{"success":false,"error":{"code":%d,"message":%s}}`, status, appendText(nil, message))
	return answer{status: status, body: []byte(body)}
}

// failure is the usual answer with an HTTP status that is not 200.
func failure(status int) answer {
	switch status {
	case http.StatusBadRequest:
		return gatewayFailure(status, 6003, "Invalid request headers",
			`,"error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]`)
	case http.StatusUnauthorized:
		return gatewayFailure(status, 10000, "Authentication error", "")
	case http.StatusForbidden:
		return gatewayFailure(status, 10000, "Authentication error", "") // what a token without the permission gets
	case http.StatusNotFound:
		return gatewayFailure(status, 7003,
			"Could not route to /client/v4/accounts, perhaps your object identifier is invalid?", "")
	case http.StatusMethodNotAllowed:
		return gatewayFailure(status, 10405, "Method not allowed for this authentication scheme", "")
	case http.StatusTooManyRequests:
		return gatewayFailure(status, 971,
			"More than 1200 requests per 300 seconds reached. Please wait and consider throttling your request speed", "")
	}
	if status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout ||
		status >= 520 && status <= 526 {
		return answer{status: status, html: true, body: []byte(htmlPage(status))}
	}
	return serviceFailure(status, http.StatusText(status))
}

// htmlPage is like the page that Cloudflare's edge shows where the origin does not answer.
func htmlPage(status int) string {
	return "<!DOCTYPE html>\n<html lang=\"en-US\"><head><title>api.cloudflare.com | " + strconv.Itoa(status) +
		"</title></head>\n<body><h1>Error " + strconv.Itoa(status) + "</h1><p>Please try again in a few minutes.</p></body></html>\n"
}

// editRow changes members of a row and keeps their order.
func editRow(row []byte, edit func(name string, value json.RawMessage) (json.RawMessage, bool)) []byte {
	decoder := json.NewDecoder(bytes.NewReader(row))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return row // an earlier fault made it something else
	}
	var w object
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return row
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return row
		}
		if value, keep := edit(name.(string), value); keep {
			w.raw(name.(string), string(value))
		}
	}
	return w.close()
}
