package safety

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What a process wrote is read from the trace of its system calls and replayed up to a cut, as a disk would hold it after
// a power loss there: what was synced for sure, of the rest whatever the disk chose.

// tracer runs a command and writes the calls that change files into a file, with their whole data.
func tracer(file string) []string {
	return []string{"strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "2000000", "-e", "signal=none", "-e",
		"trace=open,openat,creat,pwrite64,write,writev,pwritev,fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate,unlink,unlinkat,rename,renameat,renameat2", "-o", file}
}

type eventKind int

const (
	written eventKind = iota
	truncated
	syncStarts
	syncEnds
	created
	unlinked
	renamed
	acknowledged
)

// event is one step of the trace. Path is a file or, for syncs, also a directory.
type event struct {
	kind   eventKind
	path   string
	to     string // of a rename, or what was acknowledged
	offset int64
	data   []byte
	thread string
}

var (
	callStart  = regexp.MustCompile(`^(\d+) +(\w+)$`)
	callEnd    = regexp.MustCompile(`^ += (-?\d+)`)
	resumeLine = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>.*\) += (-?\d+)(?:<([^>]*)>)?`)
	descriptor = regexp.MustCompile(`^(?:AT_FDCWD|-?\d+)<([^>]*)>$`)
)

// readTrace reads the events of the files in a directory. Acks says what a write to another file acknowledges, empty for
// nothing. A write counts from its start, a sync only from its end.
func readTrace(file, dir string, acks func(data []byte) string) ([]event, error) {
	trace, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer trace.Close()
	var events []event
	inside := func(path string) bool {
		return path == dir || filepath.Dir(path) == dir && !strings.HasSuffix(path, "-shm") && !strings.HasSuffix(path, ".lock")
	}
	reader := bufio.NewReaderSize(trace, 1<<20)
	for {
		line, err := reader.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		line = strings.TrimSuffix(line, "\n")
		if m := resumeLine.FindStringSubmatch(line); m != nil {
			if m[2] == "fsync" || m[2] == "fdatasync" {
				// Which file it is stands at the call's start.
				for i := len(events) - 1; i >= 0; i-- {
					if events[i].kind == syncStarts && events[i].thread == m[1] {
						if m[3] == "0" {
							events = append(events, event{kind: syncEnds, path: events[i].path, thread: m[1]})
						}
						break
					}
				}
			}
			continue
		}
		// Arguments are long and hold no bracket, because their bytes are written as numbers: they are cut, not matched.
		before, rest, _ := strings.Cut(line, "(")
		list, after, ended := strings.Cut(rest, ")")
		start, end := callStart.FindStringSubmatch(before), callEnd.FindStringSubmatch(after)
		if start == nil || ended != (end != nil) {
			continue
		}
		thread, name, result := start[1], start[2], ""
		if ended {
			result = end[1]
		} else {
			list = strings.TrimSuffix(list, " <unfinished ...>")
		}
		if strings.HasPrefix(result, "-") {
			continue
		}
		arguments := strings.Split(list, ", ")
		path := pathOf(arguments[0])
		text := func(i int) []byte {
			quoted := strings.Trim(arguments[i], `"`)
			data, err := hex.DecodeString(strings.ReplaceAll(quoted, `\x`, ""))
			if err != nil {
				panic(fmt.Sprintf("the trace says %.200s", line)) // cut off or in another form: the options are wrong
			}
			return data
		}
		switch name {
		case "pwrite64":
			if inside(path) {
				offset, err := strconv.ParseInt(arguments[3], 10, 64)
				if err != nil {
					return nil, err
				}
				events = append(events, event{kind: written, path: path, offset: offset, data: text(1)})
			}
		case "write":
			if inside(path) {
				return nil, fmt.Errorf("a write without an offset to %s", path)
			}
			if ack := acks(text(1)); ack != "" {
				events = append(events, event{kind: acknowledged, to: ack})
			}
		case "fsync", "fdatasync":
			if inside(path) {
				events = append(events, event{kind: syncStarts, path: path, thread: thread})
				if result != "" {
					events = append(events, event{kind: syncEnds, path: path, thread: thread})
				}
			}
		case "ftruncate":
			if inside(path) {
				size, err := strconv.ParseInt(arguments[1], 10, 64)
				if err != nil {
					return nil, err
				}
				events = append(events, event{kind: truncated, path: path, offset: size})
			}
		case "open", "openat", "creat":
			at := 0
			if name == "openat" {
				at = 1
			}
			if opened := absolute(string(text(at)), dir); inside(opened) && (name == "creat" || strings.Contains(line, "O_CREAT")) {
				events = append(events, event{kind: created, path: opened})
			}
		case "unlink":
			if path := absolute(string(text(0)), dir); inside(path) {
				events = append(events, event{kind: unlinked, path: path})
			}
		case "rename":
			if from := absolute(string(text(0)), dir); inside(from) {
				events = append(events, event{kind: renamed, path: from, to: absolute(string(text(1)), dir)})
			}
		case "unlinkat", "renameat", "renameat2":
			if from := absolute(string(text(1)), dir); inside(from) {
				e := event{kind: unlinked, path: from}
				if name != "unlinkat" {
					e.kind, e.to = renamed, absolute(string(text(3)), dir)
				}
				events = append(events, e)
			}
		default:
			if inside(path) {
				return nil, fmt.Errorf("the replay does not know %s", name)
			}
		}
	}
}

func pathOf(argument string) string {
	m := descriptor.FindStringSubmatch(argument)
	if m == nil {
		return ""
	}
	path, err := hex.DecodeString(strings.ReplaceAll(m[1], `\x`, ""))
	if err != nil {
		return ""
	}
	return string(path)
}

// absolute completes a path as the process gave it: all that matter here are in the directory.
func absolute(path, dir string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, filepath.Base(path))
}

// content is one file on the simulated disk: what is durable, and what was done since and is not.
type content struct {
	durable []byte
	pending []event
	// syncing is how much was pending when each thread's sync began.
	syncing map[string]int
}

// disk is a directory on the simulated disk. Its own entries are durable after its sync where it is strict, else at once.
type disk struct {
	dir             string
	strict          bool
	entries, listed map[string]*content
}

func newDisk(dir string, base map[string][]byte, strict bool) *disk {
	d := &disk{dir: dir, strict: strict, entries: map[string]*content{}}
	for name, text := range base {
		d.entries[filepath.Join(dir, name)] = &content{durable: text, syncing: map[string]int{}}
	}
	d.listed = maps.Clone(d.entries)
	return d
}

func (d *disk) apply(e event) {
	c := d.entries[e.path]
	switch e.kind {
	case created:
		if c == nil {
			d.entries[e.path] = &content{syncing: map[string]int{}}
		}
	case unlinked:
		delete(d.entries, e.path)
	case renamed:
		delete(d.entries, e.path)
		d.entries[e.to] = c
	case written, truncated:
		if c == nil { // opened by a name that is gone
			return
		}
		c.pending = append(c.pending, e)
	case syncStarts:
		if c != nil {
			c.syncing[e.thread] = len(c.pending)
		}
	case syncEnds:
		switch {
		case e.path == d.dir:
			d.listed = maps.Clone(d.entries)
		case c != nil:
			count := min(c.syncing[e.thread], len(c.pending))
			for _, change := range c.pending[:count] {
				c.durable = changed(c.durable, change, len(change.data))
			}
			c.pending = slices.Clone(c.pending[count:])
			for thread := range c.syncing {
				c.syncing[thread] = max(0, c.syncing[thread]-count)
			}
		}
	}
	if !d.strict {
		d.listed = d.entries
	}
}

// changed is a file after a change, of whose data the first length bytes arrive.
func changed(file []byte, e event, length int) []byte {
	if e.kind == truncated {
		if int(e.offset) <= len(file) {
			return file[:e.offset]
		}
		return append(file, make([]byte, int(e.offset)-len(file))...)
	}
	if end := int(e.offset) + length; end > len(file) {
		file = append(file, make([]byte, end-len(file))...)
	}
	copy(file[e.offset:], e.data[:length])
	return file
}

// losses are what may become of bytes that were not synced.
var losses = []string{"none", "prefix", "half", "torn"}

// image writes what the disk may hold now into a directory.
func (d *disk) image(into, loss string, random *rand.Rand) error {
	for _, path := range slices.Sorted(maps.Keys(d.listed)) {
		c := d.listed[path]
		file := slices.Clone(c.durable)
		kept := random.IntN(len(c.pending) + 1)
		for i, change := range c.pending {
			length := len(change.data)
			switch loss {
			case "none":
				continue
			case "prefix":
				if i >= kept {
					continue
				}
			case "half", "torn":
				if random.IntN(2) == 0 {
					continue
				}
				if loss == "torn" && length > 0 {
					length = random.IntN(length/512+1) * 512
				}
			}
			file = changed(file, change, length)
		}
		if err := os.WriteFile(filepath.Join(into, filepath.Base(path)), file, 0o600); err != nil {
			return err
		}
	}
	return nil
}
