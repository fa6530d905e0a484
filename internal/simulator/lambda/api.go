package lambda

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// FunctionName is the name of the function that every process is told it is.
const FunctionName = "realtimekit-digest"

// functionARN is the function's, in the account number that AWS uses in examples.
const functionARN = "arn:aws:lambda:" + region + ":123456789012:function:" + FunctionName

// posted is the error that a runtime posts, of an invocation or of its start.
type posted struct {
	Message string `json:"errorMessage"`
	Type    string `json:"errorType"`
}

// handler serves the Runtime API to one process, or, for nil, to whoever calls.
func (r *Runtime) handler(p *Process) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, request *http.Request) {
		r.serveNext(w, request, p)
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", func(w http.ResponseWriter, request *http.Request) {
		r.serveAnswer(w, request, p, false)
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", func(w http.ResponseWriter, request *http.Request) {
		r.serveAnswer(w, request, p, true)
	})
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, request *http.Request) {
		r.serveInitError(w, request, p)
	})
	return mux
}

// serveNext waits for the next invocation and gives it to whoever asked.
func (r *Runtime) serveNext(w http.ResponseWriter, request *http.Request, p *Process) {
	inv := r.take(request, p)
	if inv == nil {
		panic(http.ErrAbortHandler) // nobody is there to read an answer, or the runtime closes
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(inv.timeout).UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", functionARN)
	header.Set("Lambda-Runtime-Trace-Id", newTraceID())
	header.Set("Content-Length", strconv.Itoa(len(inv.event)))
	_, _ = w.Write(inv.event)
}

// take waits for an invocation; nil when the caller goes away or the runtime closes before there is one.
func (r *Runtime) take(request *http.Request, p *Process) *invocation {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p == nil {
		r.polling++
		defer func() { r.polling-- }()
	}
	for {
		// A process may be gone before its connection is seen to be.
		if r.closed || request.Context().Err() != nil || p != nil && !r.processes[p] {
			return nil
		}
		if len(r.queue) > 0 {
			inv := r.queue[0]
			r.queue = r.queue[1:]
			inv.process = p
			r.taken[inv.id] = inv
			inv.clock = time.AfterFunc(inv.timeout, func() { r.timeOut(inv) })
			return inv
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-request.Context().Done():
		}
		r.mu.Lock()
	}
}

// serveAnswer takes the response or the error of an invocation.
func (r *Runtime) serveAnswer(w http.ResponseWriter, request *http.Request, p *Process, failed bool) {
	id := request.PathValue("id")
	r.mu.Lock()
	inv, done := r.taken[id], r.done[id]
	r.mu.Unlock()
	switch {
	case done:
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "The invocation has already been answered")
		return
	case inv == nil || inv.process != p:
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	payload, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxPayload))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		message := fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxPayload)
		r.answer(inv, failure("Function.ResponseSizeTooLarge", message, nil))
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", message)
		return
	}
	if err != nil {
		return // the process has gone in the middle: its exit ends the invocation
	}
	result := Result{Payload: payload}
	if failed {
		var e posted
		_ = json.Unmarshal(payload, &e) // any other body is an error without words
		if e.Type == "" {
			e.Type = request.Header.Get("Lambda-Runtime-Function-Error-Type")
		}
		result = failure(e.Type, e.Message, payload)
	} else if kind := request.Trailer.Get("Lambda-Runtime-Function-Error-Type"); kind != "" {
		// The function's reader failed after the response had begun.
		result = failure(kind, "the response broke off", payload)
	}
	r.answer(inv, result)
	accept(w)
}

func (r *Runtime) answer(inv *invocation, result Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finish(inv, outcome{result: result})
}

// serveInitError takes the reason why a process cannot start. Lambda expects it to exit then, which ends what waits; the
// reason replaces the one that its exit gives.
func (r *Runtime) serveInitError(w http.ResponseWriter, request *http.Request, p *Process) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, request.Body, maxPayload))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "the error is too large")
		return
	}
	var e posted
	_ = json.Unmarshal(payload, &e)
	if e.Type == "" {
		e.Type = request.Header.Get("Lambda-Runtime-Function-Error-Type")
	}
	reason := &UnansweredError{Type: e.Type, Message: "Error: " + e.Message}
	r.mu.Lock()
	if p != nil {
		p.initError = reason
	} else {
		// Nobody sees this process exit.
		for _, inv := range r.queue {
			r.finish(inv, outcome{err: reason.of(inv.id)})
		}
		r.queue = nil
	}
	r.mu.Unlock()
	accept(w)
}

func failure(kind, message string, payload []byte) Result {
	if payload == nil {
		payload, _ = json.Marshal(posted{message, kind}) // two strings always encode
	}
	return Result{Payload: payload, Failed: true, ErrorType: kind, ErrorMessage: message}
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`+"\n")
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	body, _ := json.Marshal(posted{message, kind}) // two strings always encode
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// newRequestID is a random UUID, as Lambda's request ids are.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newTraceID is an X-Ray header for a trace that is not sampled.
func newTraceID() string {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("Root=1-%08x-%x;Parent=%x;Sampled=0", time.Now().Unix(), b[:12], b[12:])
}
