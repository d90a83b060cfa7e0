package field

import "reflect"

// Some types have a trait that the kernel has to know. A type says so by a method; the kernel asks the field, and never
// for the name of a type.

type sealing interface{ seals() }

type referring interface {
	refers(v reflect.Value) []string
}

type listing interface {
	entries(v reflect.Value) []string
}

type indexing interface{ indexed(f *Field) bool }

type holding interface{ takes(f File) string }

type wording interface{ worded() bool }

type emptying interface{ vacant() }

type comparing interface {
	peers(v reflect.Value) (least, most string)
}

// Sealed tells whether values are stored sealed and shown to nobody.
func (f *Field) Sealed() bool {
	_, ok := f.Type.(sealing)
	return ok
}

func (f *Field) isReferring() bool {
	_, ok := f.Type.(referring)
	return ok
}

// Refers are the ids of the other rows that a value names.
func (f *Field) Refers(v reflect.Value) []string {
	if t, ok := f.Type.(referring); ok {
		return t.refers(v)
	}
	return nil
}

// Many tells whether a value is a list, of which a filter names one entry.
func (f *Field) Many() bool {
	_, ok := f.Type.(listing)
	return ok
}

// Anything tells whether values are whatever JSON can say.
func (f *Field) Anything() bool {
	switch f.Type.(type) {
	case valueType, oneOrManyType:
		return true
	}
	return false
}

// Entries are what a filter finds a list by.
func (f *Field) Entries(v reflect.Value) []string { return f.Type.(listing).entries(v) }

// Indexed tells whether lists ask for the column so often that an index pays.
func (f *Field) Indexed() bool {
	t, ok := f.Type.(indexing)
	return ok && t.indexed(f)
}

// Held is the file within a value, to be filled in from its upload; nil where the field holds none.
func (f *Field) Held(v reflect.Value) *File {
	if !f.Holds() {
		return nil
	}
	return held(v)
}

// Holds tells whether values are uploaded files.
func (f *Field) Holds() bool {
	_, ok := f.Type.(holding)
	return ok
}

// Takes tells in a sentence why the field can't hold a file, or is empty.
func (f *Field) Takes(file File) string { return f.Type.(holding).takes(file) }

// Peers are the ends of the column's values that compare with a value, where not all do: amounts of one currency.
func (f *Field) Peers(v reflect.Value) (least, most string, limited bool) {
	t, ok := f.Type.(comparing)
	if !ok {
		return "", "", false
	}
	least, most = t.peers(v)
	return least, most, true
}

// Worded tells whether values are texts that people look up as in a dictionary.
func (f *Field) Worded() bool {
	t, ok := f.Type.(wording)
	return ok && t.worded()
}

// Vacant tells whether the zero value is stored and yet means none, as that of a time does. Zero is a number like others.
func (f *Field) Vacant() bool {
	_, ok := f.Type.(emptying)
	return ok
}
