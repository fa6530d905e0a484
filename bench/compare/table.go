package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"unicode/utf8"
)

// head names the columns; ratio is the plain loop's number ÷ the reader's.
var head = row{"", "plain loop", "reader", "ratio", "goal", "met"}

func (r row) cells() []string { return []string{r.what, r.plain, r.reader, r.ratio, r.goal, r.met} }

// title says what was read, and machine on what.
func (r results) title() string {
	return fmt.Sprintf("%s sessions of one day in %s meetings, on %s pages of %d (%s each).",
		grouped(r.sessions), grouped(r.meetings), grouped(r.pages), pageSize, amount(float64(r.pageBytes), "bytes"))
}

func machine() string {
	return fmt.Sprintf("%s, %d cores for both the program and the simulator, %s %s/%s.",
		processor(), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// processor is the kind of CPU where the system says it.
func processor() string {
	kind := ""
	if file, err := os.Open("/proc/cpuinfo"); err == nil {
		defer file.Close()
		for lines := bufio.NewScanner(file); kind == "" && lines.Scan(); {
			if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
				kind = strings.TrimSpace(value)
			}
		}
	}
	return cmp.Or(kind, "A CPU of unknown kind")
}

// text prints the table for a terminal.
func (r results) text(w io.Writer) error {
	table := append([]row{head}, r.rows()...)
	var widths [6]int
	for _, line := range table {
		for i, cell := range line.cells() {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", r.title(), machine())
	for _, line := range table {
		var out strings.Builder
		for i, cell := range line.cells() {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if numeric := i >= 1 && i <= 3; numeric {
				cell = padding + cell
			} else {
				cell += padding
			}
			out.WriteString(cell + "  ")
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
	}
	b.WriteString("\n" + strings.Join(r.notes(), "\n") + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// markdown prints the same for a document.
func (r results) markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", r.title(), machine())
	fmt.Fprintf(&b, "| %s |\n|---|--:|--:|--:|---|---|\n", strings.Join(head.cells(), " | "))
	for _, line := range r.rows() {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(line.cells(), " | "))
	}
	b.WriteString("\n")
	for _, note := range r.notes() {
		fmt.Fprintf(&b, "- %s\n", note)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
