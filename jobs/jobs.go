// Package jobs runs what no request waits for: recovered goroutines, a durable queue, and alarms that ring when the next stored
// due time comes. What is due stands in the database, so nothing is lost when the process dies. Start with Work for what an area
// declares, Tx for how a transaction hands a job over, and Queue for how jobs are done.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/go-co-op/gocron/v2"
)

// Runner owns the goroutines of an instance. Its context ends when the instance stops.
type Runner struct {
	ctx       context.Context
	cancel    context.CancelFunc
	log       *slog.Logger
	wait      sync.WaitGroup
	scheduler gocron.Scheduler
}

// NewRunner starts a runner.
func NewRunner(log *slog.Logger) (*Runner, error) {
	scheduler, err := gocron.NewScheduler(gocron.WithLocation(time.UTC))
	if err != nil {
		return nil, fmt.Errorf("start the scheduler: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	scheduler.Start()
	return &Runner{ctx: ctx, cancel: cancel, log: log, scheduler: scheduler}, nil
}

// Go runs work in a goroutine. A panic is logged and ends this work alone, never the process.
func (r *Runner) Go(name string, work func(ctx context.Context)) {
	r.wait.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				r.log.Error("background work panicked", "work", name, "panic", p, "stack", string(debug.Stack()))
			}
		}()
		work(r.ctx)
	})
}

// Every runs work at an interval, never twice at once.
func (r *Runner) Every(interval time.Duration, name string, work func(ctx context.Context) error) error {
	_, err := r.scheduler.NewJob(gocron.DurationJob(interval), gocron.NewTask(func() {
		defer func() {
			if p := recover(); p != nil {
				r.log.Error("periodic work panicked", "work", name, "panic", p, "stack", string(debug.Stack()))
			}
		}()
		if err := work(r.ctx); err != nil && r.ctx.Err() == nil {
			r.log.Error("periodic work failed", "work", name, "error", err)
		}
	}), gocron.WithName(name), gocron.WithSingletonMode(gocron.LimitModeReschedule))
	if err != nil {
		return fmt.Errorf("schedule %s: %w", name, err)
	}
	return nil
}

// Stop ends the context and waits until all work has ended or ctx is over.
func (r *Runner) Stop(ctx context.Context) error {
	r.cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.wait.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		return fmt.Errorf("background work goes on: %w", ctx.Err())
	}
	return r.scheduler.Shutdown()
}
