package safety

import (
	"bytes"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/store"
)

// The power-loss test traces the built binary under load, and makes images of the disk as a power loss at a random moment
// would leave it. Each image must be intact and hold all that was acknowledged up to then. TEST_IMAGES says how many.

// imagesPerTrace is how many images one traced run gives at the most, and one in doctored of them is also looked at by the
// binary itself: its schema, its key, its audit chains.
const (
	imagesPerTrace = 500
	doctored       = 25
)

// loadOfTrace is how many answers a traced load waits for: enough for the log to be emptied into the database.
const loadOfTrace = 320

var (
	ackedAsset     = regexp.MustCompile(`"name":"(asset-[^"]+)"`)
	ackedExecution = regexp.MustCompile(`"id":"([0-9a-f-]{36})"`)
	ackedHeader    = regexp.MustCompile(`(?i)Zygo-Execution: ([0-9a-f-]{36})`)
)

// ackOf finds what an answer over HTTP acknowledges.
func ackOf(data []byte) string {
	for status, form := range map[string]*regexp.Regexp{"HTTP/1.1 201": ackedAsset, "HTTP/1.1 202": ackedExecution,
		"HTTP/1.1 200": ackedHeader} {
		if bytes.HasPrefix(data, []byte(status)) {
			if m := form.FindSubmatch(data); m != nil {
				return string(m[1])
			}
		}
	}
	return ""
}

// traced is a run whose every change of a file is known.
type traced struct {
	dir    string
	base   map[string][]byte
	events []event
	// zygo tells that the binary made the files, not a control.
	zygo bool
}

// traceZygo runs the binary under load and kills it in the middle.
func traceZygo(t *testing.T) traced {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	i := instance.PrepareBinary(t, "log.level=error")
	base := filesOf(t, i.Dir)
	i.Tracer = tracer(file)
	i.Serve()
	c := i.As("editor@acme")
	for _, mode := range []string{"at_once", "at_end"} {
		c.Publish(mode, []any{instance.Node("hook", "trigger.webhook", map[string]any{"path": mode, "respond": mode}),
			instance.Node("first", "set", nil), instance.Node("second", "set", nil)}, instance.Chain("hook", "first", "second"))
	}
	text := strings.Repeat("Words that take some pages of the log. ", 250)
	var wait sync.WaitGroup
	for caller := range 4 {
		wait.Go(func() {
			for k := range loadOfTrace / 4 {
				var r instance.Reply
				var err error
				switch k % 4 {
				case 0:
					r, err = c.Try("POST", "/hooks/acme/at_once", map[string]any{"text": text[:caller*100]})
				case 1:
					r, err = c.Try("POST", "/hooks/acme/at_end", map[string]any{"text": text})
				default:
					r, err = c.Try("POST", "assets", map[string]any{"name": fmt.Sprintf("asset-%d-%d", caller, k), "description": text})
				}
				if err != nil || r.Status >= 300 {
					t.Errorf("under load: %d %s %v", r.Status, r.Body, err)
					return
				}
			}
		})
	}
	wait.Wait()
	i.Kill()
	r := readTraced(t, file, i.Dir, base, ackOf)
	r.zygo = true
	return r
}

func readTraced(t *testing.T, file, dir string, base map[string][]byte, acks func([]byte) string) traced {
	t.Helper()
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	events, err := readTrace(file, real, acks)
	if err != nil {
		t.Fatal(err)
	}
	return traced{dir: real, base: base, events: events}
}

func filesOf(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join(dir, "zygo.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// without leaves out the events that a test says.
func (r traced) without(out func(e event) bool) traced {
	r.events = slices.DeleteFunc(slices.Clone(r.events), out)
	return r
}

// lost makes images of the run and tells what they lack.
func (r traced) lost(t *testing.T, random *rand.Rand, images int) (problems []string) {
	t.Helper()
	scratch := t.TempDir()
	for _, strict := range []bool{false, true} {
		cuts := make([]int, images/2)
		for i := range cuts {
			cuts[i] = random.IntN(len(r.events) + 1)
		}
		slices.Sort(cuts)
		d := newDisk(r.dir, clone(r.base), strict)
		acks := map[string]bool{}
		at := 0
		for i, cut := range cuts {
			for ; at < cut; at++ {
				if r.events[at].kind == acknowledged {
					acks[r.events[at].to] = true
				}
				d.apply(r.events[at])
			}
			into := filepath.Join(scratch, fmt.Sprint(strict, i))
			loss := losses[random.IntN(len(losses))]
			if err := os.Mkdir(into, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := d.image(into, loss, random); err != nil {
				t.Fatal(err)
			}
			problem := examine(into, acks)
			if problem == "" && r.zygo && i%doctored == 0 {
				if out, failed, code := instance.Command(t, "doctor", "--data-dir", into); code != 0 {
					problem = "doctor finds " + out + failed
				}
			}
			if problem != "" {
				problems = append(problems,
					fmt.Sprintf("cut %d of %d, unsynced %s, strict %v: %s", cut, len(r.events), loss, strict, problem))
			}
			if err := os.RemoveAll(into); err != nil {
				t.Fatal(err)
			}
		}
	}
	return problems
}

func clone(files map[string][]byte) map[string][]byte {
	copied := maps.Clone(files)
	for name, text := range copied {
		copied[name] = slices.Clone(text)
	}
	return copied
}

// examine opens an image as the next start would, and says what is wrong with it.
func examine(dir string, acks map[string]bool) string {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.FileName)+"?mode=rw")
	if err != nil {
		return err.Error()
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check(1)").Scan(&verdict); err != nil || verdict != "ok" {
		return fmt.Sprintf("the integrity is %s %v", verdict, err)
	}
	var orphans int
	if err := db.QueryRow("SELECT count(*) FROM pragma_foreign_key_check").Scan(&orphans); err != nil || orphans > 0 {
		return fmt.Sprintf("%d rows refer to nothing, %v", orphans, err)
	}
	rows, err := db.Query("SELECT name FROM t_asset UNION ALL SELECT id FROM t_execution")
	if err != nil {
		return err.Error()
	}
	defer rows.Close()
	missing := maps.Clone(acks)
	for rows.Next() {
		var ack string
		if err := rows.Scan(&ack); err != nil {
			return err.Error()
		}
		delete(missing, ack)
	}
	if err := rows.Err(); err != nil {
		return err.Error()
	}
	if len(missing) > 0 {
		return fmt.Sprintf("%d of %d acknowledged rows are lost", len(missing), len(acks))
	}
	return ""
}

func (r traced) count(is func(e event) bool) (count int) {
	for _, e := range r.events {
		if is(e) {
			count++
		}
	}
	return count
}

// controlImages are enough to see a loss: without the sync nine in ten images lose something.
const controlImages = 16

func TestPowerLossLosesNothing(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(instance.Seed(t), 1))
	images := instance.Number(t, "TEST_IMAGES", 20)
	for done := 0; done < images; done += imagesPerTrace {
		r := traceZygo(t)
		acks := r.count(func(e event) bool { return e.kind == acknowledged })
		syncs := r.count(func(e event) bool { return e.kind == syncEnds })
		emptied := r.count(func(e event) bool { return e.kind == written && strings.HasSuffix(e.path, store.FileName) })
		if acks != loadOfTrace || emptied == 0 {
			t.Fatalf("the trace has %d answers, %d syncs and %d pages that went from the log into the database", acks, syncs, emptied)
		}
		problems := r.lost(t, random, min(imagesPerTrace, images-done))
		for _, p := range problems[:min(len(problems), 10)] {
			t.Error(p)
		}
		t.Logf("%d events, %d answers, %d syncs, %d pages emptied: %d images lost something", len(r.events), acks, syncs, emptied,
			len(problems))

		// The control: the same run on a disk that keeps nothing of the log's syncs.
		lying := r.without(func(e event) bool { return e.kind == syncEnds && strings.HasSuffix(e.path, "-wal") })
		if len(lying.lost(t, random, controlImages)) == 0 {
			t.Error("images without the log's syncs lose nothing; the test finds no missing sync")
		}
	}
}

// Without the sync before the answer SQLite loses acknowledged rows. The test must see that, or it sees nothing.
func TestPowerLossFindsWhatIsNotSynced(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(instance.Seed(t), 2))
	for synchronous, loses := range map[string]bool{"FULL": false, "NORMAL": true} {
		file := filepath.Join(t.TempDir(), "trace")
		dir := t.TempDir()
		if out, err := exec.Command(os.Args[0], "write-rows", dir, "make").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		base := filesOf(t, dir)
		line := append(tracer(file), os.Args[0], "write-rows", dir, synchronous)
		if out, err := exec.Command(line[0], line[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		r := readTraced(t, file, dir, base, func(data []byte) string {
			name, _ := strings.CutPrefix(string(data), "ack ")
			return strings.TrimSuffix(name, "\n")
		})
		problems := r.lost(t, random, controlImages)
		if loses != (len(problems) > 0) {
			t.Errorf("with synchronous=%s %d images lost something: %v", synchronous, len(problems), problems)
		}
		t.Logf("synchronous=%s: %d of %d images lost something", synchronous, len(problems), controlImages)
	}
}

// writeRows is what the control traces, in a process of its own: it writes rows one by one and says so. Before that it
// makes their tables.
func writeRows(dir, synchronous string) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.FileName))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if synchronous == "make" {
		_, err := db.Exec("PRAGMA journal_mode = wal; CREATE TABLE t_asset (name TEXT); CREATE TABLE t_execution (id TEXT)")
		return err
	}
	if _, err := db.Exec("PRAGMA synchronous = " + synchronous); err != nil {
		return err
	}
	for i := range 100 {
		name := fmt.Sprint("row ", i)
		if _, err := db.Exec("INSERT INTO t_asset VALUES (?)", name); err != nil {
			return err
		}
		fmt.Println("ack " + name)
	}
	return nil
}
