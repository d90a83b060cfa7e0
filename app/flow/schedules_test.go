package flow

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/field"
	"zygo/app/flow/node"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

func (p *plant) schedule(config string) string {
	p.t.Helper()
	return p.publish("{}", `{"id":"tick","type":"trigger.schedule","config":`+config+`}`)
}

// fires gives the due times that started an execution, from their keys.
func (p *plant) fires() []string {
	p.t.Helper()
	var due []string
	for _, row := range p.rows() {
		due = append(due, row.Dedupe[strings.LastIndexByte(row.Dedupe, ' ')+1:])
	}
	return due
}

// catchUp fires what is due until nothing is, as the alarm does.
func (e *Engine) catchUp(t *testing.T) {
	t.Helper()
	for {
		next, err := e.fireSchedules()
		if err != nil {
			t.Fatal(err)
		}
		if next.IsZero() || next.After(e.kernel.Now().Go()) {
			return
		}
	}
}

func TestMissedTimes(t *testing.T) {
	t.Parallel()
	for missed, want := range map[string]string{
		"skip": "[2026-03-01T17:00:00.000Z]",
		"one":  "[2026-03-01T15:00:00.000Z 2026-03-01T17:00:00.000Z]",
		"all":  "[2026-03-01T13:00:00.000Z 2026-03-01T14:00:00.000Z 2026-03-01T15:00:00.000Z 2026-03-01T17:00:00.000Z]",
	} {
		t.Run(missed, func(t *testing.T) {
			t.Parallel()
			p := newPlant(t)
			p.schedule(`{"mode":"cron","cron":"0 13-15,17 * * *","missed":"` + missed + `"}`)
			p.catchUp(t)
			if len(p.fires()) != 0 {
				t.Errorf("before the time there are %v", p.fires())
			}
			p.clock.SetTime(kerneltest.Start.Add(4*time.Hour + 30*time.Minute)) // down from noon to half past four
			p.catchUp(t)
			p.clock.SetTime(kerneltest.Start.Add(5*time.Hour + time.Second)) // and there at five
			p.catchUp(t)
			p.catchUp(t)
			if got := fmt.Sprint(p.fires()); got != want {
				t.Errorf("fired are %s, want %s", got, want)
			}
		})
	}
}

// However the clock jumps and however many look at it, each hour fires once.
func TestEachDueTimeFiresOnce(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	p.schedule(`{"mode":"cron","cron":"0 * * * *","missed":"all"}`)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	second := p.another(p.kernel, 0)
	latest := kerneltest.Start
	for i := range 40 {
		jump := time.Duration(random.Int64N(int64(96*time.Hour))) - 40*time.Hour
		if i == 0 {
			jump = 48 * time.Hour // forty hours at least are due, whatever follows
		}
		now := p.clock.Time().Add(jump).Truncate(time.Second)
		p.clock.SetTime(now)
		if now.After(latest) {
			latest = now
		}
		var wait sync.WaitGroup
		for _, e := range []*Engine{p.Engine, second, p.Engine} {
			wait.Go(func() { e.catchUp(t) })
		}
		wait.Wait()
	}
	fired := map[string]int{}
	for _, due := range p.fires() {
		fired[due]++
	}
	hours := 0
	for due := kerneltest.Start.Add(time.Hour); !due.After(latest); due = due.Add(time.Hour) {
		hours++
		if count := fired[timeOf(due).String()]; count != 1 {
			t.Errorf("%s fired %d times (seed %d)", due, count, seed)
		}
	}
	if len(fired) != hours || hours < 40 {
		t.Errorf("%d times fired, %d were due (seed %d)", len(fired), hours, seed)
	}
}

// A daily time that the clock skips in spring is due when it jumps, one that it shows twice in autumn the first time.
func TestDailyTimesInSpringAndAutumn(t *testing.T) {
	t.Parallel()
	for zone, test := range map[string]struct{ from, spring, autumn string }{
		"Europe/Berlin":       {"2026-03-01", "2026-03-29T01:00:00.000Z", "2026-10-25T00:30:00.000Z"},
		"America/New_York":    {"2026-03-01", "2026-03-08T07:00:00.000Z", "2026-11-01T07:30:00.000Z"},
		"Australia/Lord_Howe": {"2026-03-01", "2026-10-03T15:30:00.000Z", "2026-04-04T16:00:00.000Z"},
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			location, err := time.LoadLocation(zone)
			if err != nil {
				t.Fatal(err)
			}
			p := newPlant(t)
			p.clock.SetTime(time.Date(2026, 3, 1, 0, 0, 0, 0, location))
			p.schedule(`{"mode":"cron","cron":"30 2 * * *","zone":"` + zone + `","missed":"all"}`)
			for day := p.clock.Time(); day.Before(time.Date(2026, 11, 10, 0, 0, 0, 0, location)); day = day.AddDate(0, 0, 5) {
				p.clock.SetTime(day)
				p.catchUp(t)
			}
			days := map[string]int{}
			fired := map[string]bool{}
			for _, due := range p.fires() {
				at, err := time.Parse(time.RFC3339, due)
				if err != nil {
					t.Fatal(err)
				}
				days[at.In(location).Format(time.DateOnly)]++
				fired[due] = true
			}
			for day, count := range days {
				if count != 1 {
					t.Errorf("on %s it fires %d times", day, count)
				}
			}
			if len(days) < 248 || !fired[test.autumn] || !fired[test.spring] {
				t.Errorf("it fires on %d days; at the changes: %v %v", len(days), fired[test.spring], fired[test.autumn])
			}
		})
	}
}

func TestBrokenScheduleHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	broken := p.schedule(`{"mode":"every","every":1,"unit":"hours"}`)
	p.schedule(`{"mode":"every","every":2,"unit":"hours"}`)
	if err := p.s.Write(func(s *resource.Session) error {
		_, err := s.Change(schedules, []resource.Pair{{Column: "version", Value: 99}}, []resource.Pair{
			{Column: "workflow_id", Value: broken}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p.clock.SetTime(kerneltest.Start.Add(2 * time.Hour))
	p.catchUp(t)
	if got := fmt.Sprint(p.fires()); got != "[2026-03-01T14:00:00.000Z]" {
		t.Errorf("beside a broken schedule fired are %s", got)
	}
}

func TestOneRunMakesUpForManyAtTheLatestTime(t *testing.T) {
	t.Parallel()
	kind, ok := node.Find("trigger.schedule", 1)
	if !ok {
		t.Fatal("there is no schedule trigger")
	}
	compiled, wrong := kind.Compile(field.JSON(`{"mode":"cron","cron":"*/7 * * * *","missed":"one"}`))
	if wrong != nil {
		t.Fatal(wrong)
	}
	planned, _ := node.ScheduleOf(compiled)
	now := time.Date(2030, 3, 20, 15, 30, 10, 0, time.UTC)
	times, next := dueTimes(&planned.Timetables()[0], planned.Missed, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), now)
	if len(times) != 1 || !times[0].Equal(time.Date(2030, 3, 20, 15, 28, 0, 0, time.UTC)) ||
		!next.Equal(time.Date(2030, 3, 20, 15, 35, 0, 0, time.UTC)) {
		t.Errorf("after eleven weeks it starts at %v, then at %v", times, next)
	}
}

func TestHealthTellsWhatComesNext(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	planned := p.schedule(`{"mode":"cron","cron":"0 13 * * *"}`)
	byHandOnly := p.publish("{}", byHand+`{"id":"set","type":"set"}`, "start>set")
	health, err := HealthOf(p.s, []string{planned, byHandOnly})
	if err != nil {
		t.Fatal(err)
	}
	if h := health[planned]; h.Next == 0 || h.Next.Go().UTC().Hour() != 13 || h.Publisher != p.s.Actor.Name || h.Last != nil {
		t.Errorf("a schedule is %+v", h)
	}
	if h := health[byHandOnly]; h.Next != 0 {
		t.Errorf("a workflow without a schedule is %+v", h)
	}
}

// Each rule keeps its own due times, an interval is not moved by a calendar, and what two rules name at once starts once.
func TestRulesOfASchedule(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	id := p.schedule(`{"mode":"every","every":90,"unit":"minutes","missed":"all","rules":[{"cron":"0 14 * * *"},{"cron":"30 13 1 3 *"}],` +
		`"end":"2026-03-01"}`)
	w, err := Workflows.Get(p.s, id)
	if err != nil {
		t.Fatal(err)
	}
	due, err := DueTimes(p.s, w)
	if err != nil || len(due) != 8 || due[0].At.String() != "2026-03-01T13:30:00.000Z" || due[1].At.String() != "2026-03-01T14:00:00.000Z" {
		t.Errorf("next are %v, %v", due, err)
	}
	p.clock.SetTime(kerneltest.Start.Add(4 * time.Hour))
	p.catchUp(t)
	fires := p.fires()
	slices.Sort(fires)
	if got := fmt.Sprint(fires); got != "[2026-03-01T13:30:00.000Z 2026-03-01T14:00:00.000Z 2026-03-01T15:00:00.000Z]" {
		t.Errorf("fired are %s", got)
	}
	p.clock.SetTime(kerneltest.Start.Add(72 * time.Hour))
	p.catchUp(t)
	left, err := resource.Select[schedule](p.system(), "SELECT * FROM {schedule}")
	if err != nil || len(left) != 0 || len(p.fires()) != 8 {
		t.Errorf("after the last day %d times fired and %v are planned, %v", len(p.fires()), left, err)
	}
}

// While an execution of a schedule waits, the next due time runs beside it, behind it, or not.
func TestOverlap(t *testing.T) {
	t.Parallel()
	// Due at one, two, three and four; the first one waits until half past three.
	for overlap, want := range map[string][]string{
		"parallel": {"waiting", "waiting waiting", "waiting waiting waiting", "succeeded waiting waiting", "succeeded waiting waiting waiting"},
		"queue":    {"waiting", "waiting held", "waiting held held", "succeeded waiting held", "succeeded waiting held held"},
		"skip":     {"waiting", "waiting", "waiting", "succeeded", "succeeded waiting"},
	} {
		t.Run(overlap, func(t *testing.T) {
			t.Parallel()
			p := newPlant(t)
			p.publish("{}", `{"id":"tick","type":"trigger.schedule","config":{"cron":"0 * * * *","missed":"all","overlap":"`+overlap+`"}},`+
				`{"id":"nap","type":"delay","config":{"amount":150,"unit":"minutes"}}`, "tick>nap")
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			for i, minutes := range []int{60, 120, 180, 211, 240} {
				p.clock.SetTime(kerneltest.Start.Add(time.Duration(minutes) * time.Minute))
				p.alarm.Set()
				p.expectStates(want[i])
			}
			if overlap != "queue" {
				return
			}
			// One that is cancelled while it is held wakes nobody; the end of the one before does.
			rows := p.rows()
			if err := p.Cancel(p.s, rows[2].ID); err != nil {
				t.Fatal(err)
			}
			p.expectStates("succeeded waiting cancelled held")
			if err := p.Cancel(p.s, rows[1].ID); err != nil {
				t.Fatal(err)
			}
			p.expectStates("succeeded cancelled cancelled waiting")
		})
	}
}

// expectStates waits until the executions have these states in their order; held is one that waits for those before it.
func (p *plant) expectStates(want string) {
	p.t.Helper()
	late := time.After(kerneltest.Patience)
	for {
		changed := p.kernel.Changed()
		var states []string
		for _, row := range p.rows() {
			if row.Status == Waiting && row.StartedAt == 0 && row.WakeAt == 0 {
				row.Status = "held"
			}
			states = append(states, string(row.Status))
		}
		got := strings.Join(states, " ")
		if got == want {
			return
		}
		select {
		case <-changed:
		case <-late:
			p.t.Fatalf("the executions are %s, want %s", got, want)
		}
	}
}
