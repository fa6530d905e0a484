package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// maxPayload is the largest event and the largest response of a synchronous invocation, in bytes: 6 MB and some slack,
// as Lambda's own error message gives it.
const maxPayload = 6291556

// The error types that Lambda itself gives to an invocation that its process never answered.
const (
	exitError = "Runtime.ExitError"
	timedOut  = "Sandbox.Timedout"
)

// A Result is what a function made of one event.
type Result struct {
	Payload json.RawMessage // the response, or the error as the runtime posted it; as it came, so not always valid JSON
	Failed  bool            // the function answered with an error

	ErrorType, ErrorMessage string // of a failure
}

// An UnansweredError says that a process ended, or was ended, without answering its invocation.
type UnansweredError struct {
	Type    string // "Runtime.ExitError", "Sandbox.Timedout", or what the process itself gave as the reason of a failed start
	Message string // as Lambda words it, with the request id
}

func (e *UnansweredError) Error() string { return e.Type + ": " + e.Message }

// A Runtime hands events to the processes that poll it. It is safe for use by several goroutines.
type Runtime struct {
	http    *http.Server
	address string
	serving sync.WaitGroup

	mu        sync.Mutex
	closed    bool
	changed   chan struct{} // closed and replaced when something is queued, and when the runtime closes
	queue     []*invocation
	taken     map[string]*invocation // by request id, until they are answered
	done      map[string]bool        // request ids that have been answered or given up
	processes map[*Process]bool      // those that run
	polling   int                    // requests for the next invocation that wait on the common address
	lastExit  *UnansweredError       // why the process that exited last is gone; nil where none has
}

// An invocation is one event on its way.
type invocation struct {
	id      string
	event   []byte
	timeout time.Duration
	process *Process // that took it; nil for one that this runtime did not start
	clock   *time.Timer
	outcome chan outcome // gets exactly one
}

type outcome struct {
	result Result
	err    error
}

// Start starts a runtime on a free port of 127.0.0.1.
func Start() (*Runtime, error) {
	r := &Runtime{
		changed: make(chan struct{}), taken: make(map[string]*invocation), done: make(map[string]bool),
		processes: make(map[*Process]bool),
	}
	server, address, err := r.listen(nil)
	if err != nil {
		return nil, fmt.Errorf("start lambda simulator: %w", err)
	}
	r.http, r.address = server, address
	return r, nil
}

// listen serves the Runtime API on a port of its own. Each process that is started here gets one, because that is how
// the runtime knows which process it talks to.
func (r *Runtime) listen(process *Process) (*http.Server, string, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	server := &http.Server{
		Handler: r.handler(process), ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0),
	}
	r.serving.Go(func() { _ = server.Serve(listener) })
	return server, listener.Addr().String(), nil
}

// Address is host:port for AWS_LAMBDA_RUNTIME_API of a process that somebody else starts. [Runtime.Exec] sets it itself.
func (r *Runtime) Address() string { return r.address }

// Close stops all processes that were started here, ends every Invoke with an error, and waits for both. It may be
// called twice.
func (r *Runtime) Close() {
	r.mu.Lock()
	r.closed = true
	var running []*Process
	for p := range r.processes {
		running = append(running, p)
	}
	for _, inv := range r.taken {
		r.finish(inv, outcome{err: errors.New("lambda simulator is closed")})
	}
	r.failQueue(errors.New("lambda simulator is closed"))
	r.announce()
	r.mu.Unlock()
	for _, p := range running {
		p.Stop()
	}
	_ = r.http.Close()
	r.serving.Wait()
}

// Invoke queues one event and waits for what a process answers. An error of the function is a Result with Failed; the
// returned error is for everything else: [UnansweredError] where the process exits, or did not answer within timeout,
// ctx's error, or one about the event. timeout is the function's: it counts from when a process takes the event, and it
// is the deadline that the process is told. Waiting for a process is bounded by ctx alone, so events may be queued
// before one runs; but where all processes that were started here have exited, no one will come and the event fails.
func (r *Runtime) Invoke(ctx context.Context, event []byte, timeout time.Duration) (Result, error) {
	if len(event) > maxPayload {
		return Result{}, fmt.Errorf("invoke: event has %d bytes, more than %d", len(event), maxPayload)
	}
	if timeout <= 0 {
		return Result{}, fmt.Errorf("invoke: timeout %v is not positive", timeout)
	}
	inv := &invocation{id: newRequestID(), event: event, timeout: timeout, outcome: make(chan outcome, 1)}
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return Result{}, errors.New("invoke: lambda simulator is closed")
	}
	if gone := r.nobodyComes(); gone != nil {
		r.mu.Unlock()
		return Result{}, fmt.Errorf("invoke: %w", gone.of(inv.id))
	}
	r.queue = append(r.queue, inv)
	r.announce()
	r.mu.Unlock()

	select {
	case o := <-inv.outcome:
		if o.err != nil {
			return Result{}, fmt.Errorf("invoke: %w", o.err)
		}
		return o.result, nil
	case <-ctx.Done():
		r.forget(inv)
		return Result{}, fmt.Errorf("invoke: %w", context.Cause(ctx))
	}
}

// announce wakes everybody who waits for the next invocation. r.mu is held.
func (r *Runtime) announce() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// finish gives an invocation its outcome, unless it already has one. r.mu is held.
func (r *Runtime) finish(inv *invocation, o outcome) {
	if r.done[inv.id] {
		return
	}
	r.done[inv.id] = true
	delete(r.taken, inv.id)
	if inv.clock != nil {
		inv.clock.Stop()
	}
	inv.outcome <- o
}

// failQueue fails what no process has taken. r.mu is held.
func (r *Runtime) failQueue(err error) {
	for _, inv := range r.queue {
		r.finish(inv, outcome{err: err})
	}
	r.queue = nil
}

// forget drops an invocation whose caller has gone. A process that has it may still answer; nobody reads it.
func (r *Runtime) forget(inv *invocation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, queued := range r.queue {
		if queued == inv {
			r.queue = append(r.queue[:i:i], r.queue[i+1:]...)
			r.done[inv.id] = true
			return
		}
	}
}

// nobodyComes returns why no process will take a queued event, or nil where one may. r.mu is held.
func (r *Runtime) nobodyComes() *UnansweredError {
	if len(r.processes) > 0 || r.polling > 0 {
		return nil
	}
	return r.lastExit
}

// of adds the request id to the message, where Lambda has it.
func (e *UnansweredError) of(id string) *UnansweredError {
	return &UnansweredError{Type: e.Type, Message: "RequestId: " + id + " " + e.Message}
}

// timeOut ends an invocation that took too long, and its process, as Lambda does.
func (r *Runtime) timeOut(inv *invocation) {
	r.mu.Lock()
	answered := r.done[inv.id]
	late := &UnansweredError{
		Type: timedOut, Message: fmt.Sprintf("Error: Task timed out after %.2f seconds", inv.timeout.Seconds()),
	}
	r.finish(inv, outcome{err: late.of(inv.id)})
	r.mu.Unlock()
	if !answered && inv.process != nil {
		inv.process.kill()
	}
}

// exited ends what the process had, and, where it was the last one, what is queued.
func (r *Runtime) exited(p *Process, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.processes, p)
	gone := &UnansweredError{Type: exitError, Message: "Error: " + reason}
	if p.initError != nil {
		gone = p.initError
	}
	for _, inv := range r.taken {
		if inv.process == p {
			r.finish(inv, outcome{err: gone.of(inv.id)})
		}
	}
	if len(r.processes) > 0 {
		return
	}
	r.lastExit = gone
	if r.polling == 0 {
		for _, inv := range r.queue {
			r.finish(inv, outcome{err: gone.of(inv.id)})
		}
		r.queue = nil
	}
}
