package lambda

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// region is where the function is told to be.
const region = "eu-central-1"

// A Process is a bootstrap that was started by [Runtime.Exec].
type Process struct {
	command   *exec.Cmd
	http      *http.Server
	exited    chan struct{}
	err       error            // of the exit; read after exited is closed
	initError *UnansweredError // posted by the process; guarded by the runtime's mutex
}

// Exec starts the program at path as Lambda would: without arguments, with the variables that Lambda sets, and with env
// ("NAME=value") on top. Of this process's own environment only PATH, HOME and TMPDIR are passed on. Its credentials are
// made up: no service accepts them. What the program writes to its standard output and error goes to logs, from one
// goroutine; nil discards it. The process is killed when ctx ends, by [Process.Stop] and by [Runtime.Close].
func (r *Runtime) Exec(ctx context.Context, path string, env []string, logs io.Writer) (*Process, error) {
	p := &Process{exited: make(chan struct{})}
	p.command = exec.CommandContext(ctx, path)
	p.command.Env = append(lambdaEnvironment(), env...)
	// The same writer for both makes os/exec write from one goroutine only.
	p.command.Stdout, p.command.Stderr = logs, logs
	// A child of the program that keeps its output open must not keep this process waiting.
	p.command.WaitDelay = 2 * time.Second

	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errors.New("start bootstrap: lambda simulator is closed")
	}
	server, address, err := r.listen(p)
	if err != nil {
		return nil, fmt.Errorf("start bootstrap: %w", err)
	}
	p.http = server
	p.command.Env = append(p.command.Env, "AWS_LAMBDA_RUNTIME_API="+address)
	if err := p.command.Start(); err != nil {
		_ = server.Close()
		return nil, fmt.Errorf("start bootstrap: %w", err)
	}
	r.processes[p] = true
	r.serving.Go(func() { r.watch(p) })
	return p, nil
}

// watch waits for the exit of a process and ends what it leaves behind.
func (r *Runtime) watch(p *Process) {
	p.err = p.command.Wait()
	// Closing cuts the connections; what the process has posted completely is already in its handler, and a response
	// that the process got accepted was recorded before that.
	_ = p.http.Close()
	reason := "Runtime exited without providing a reason"
	if state := p.command.ProcessState; state != nil && !state.Success() {
		reason = "Runtime exited with error: " + state.String()
	}
	r.exited(p, reason)
	close(p.exited)
}

// lambdaEnvironment is what Lambda sets for a function on the runtime provided.al2023. Later entries win, so a caller can
// override all of it, except the address of the Runtime API.
func lambdaEnvironment() []string {
	env := []string{
		"_HANDLER=bootstrap",
		"AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=ASIASIMULATEDSIMULATE", "AWS_SECRET_ACCESS_KEY=simulated", "AWS_SESSION_TOKEN=simulated",
		"AWS_LAMBDA_FUNCTION_NAME=" + FunctionName, "AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128", "AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + FunctionName, "AWS_LAMBDA_LOG_STREAM_NAME=simulated",
		"LAMBDA_TASK_ROOT=/var/task", "LAMBDA_RUNTIME_DIR=/var/runtime", "LANG=en_US.UTF-8", "TZ=:UTC",
	}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// Exited is closed when the process has exited and its invocations have ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Wait waits until the process has exited and returns how: nil for exit status 0, otherwise what [exec.Cmd.Wait] says.
func (p *Process) Wait() error {
	<-p.exited
	return p.err
}

// ExitCode waits until the process has exited and returns its status; -1 where a signal ended it.
func (p *Process) ExitCode() int {
	<-p.exited
	return p.command.ProcessState.ExitCode()
}

// PID is the process id.
func (p *Process) PID() int { return p.command.Process.Pid }

// Stop kills this process, and only this one, and waits until it has exited. It may be called on one that already has.
func (p *Process) Stop() {
	p.kill()
	<-p.exited
}

// kill sends SIGKILL, as Lambda does. os.Process knows when the process is gone, so no other one can be meant.
func (p *Process) kill() { _ = p.command.Process.Kill() }
