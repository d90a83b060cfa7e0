package certificate

import (
	"context"
	"log/slog"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// bridge lets the library write into the log of the instance. What it calls information is a line for each step, so it is
// written as debug; what it calls an error is mostly the DNS of somebody's domain, so it is a warning.
func bridge(log *slog.Logger) *zap.Logger {
	return zap.New(core{log.Handler()})
}

// core hands entries to a handler.
type core struct{ to slog.Handler }

func levelOf(level zapcore.Level) slog.Level {
	if level >= zapcore.WarnLevel {
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// Enabled tells whether entries of the level are written.
func (c core) Enabled(level zapcore.Level) bool {
	return c.to.Enabled(context.Background(), levelOf(level))
}

// With gives a core whose entries have the fields.
func (c core) With(fields []zapcore.Field) zapcore.Core {
	return core{c.to.WithAttrs(attributes(fields))}
}

// Check takes an entry that is to be written.
func (c core) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

// Write writes an entry.
func (c core) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	record := slog.NewRecord(entry.Time, levelOf(entry.Level), entry.Message, 0)
	record.AddAttrs(slog.String("part", "certificate"))
	record.AddAttrs(attributes(fields)...)
	return c.to.Handle(context.Background(), record)
}

// Sync does nothing: the handler holds nothing back.
func (core) Sync() error { return nil }

func attributes(fields []zapcore.Field) []slog.Attr {
	object := zapcore.NewMapObjectEncoder()
	for _, field := range fields {
		field.AddTo(object)
	}
	var all []slog.Attr
	for key, value := range object.Fields {
		all = append(all, slog.Any(key, value))
	}
	return all
}
