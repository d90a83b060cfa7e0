package guess

import (
	"math"
	"strconv"
	"unicode"
)

const (
	// longestStep is the widest step of a sequence: 2468 and 9630 are sequences, too.
	longestStep = 3
	// People take years and dates of about a century.
	years, days = 100, 365
	firstYear   = 1900
	lastYear    = 2049
	// separatorBits are which sign stands between the parts of a date, if any.
	separatorBits = 2
)

// sequences finds three characters and more whose codes are the same step apart: abc, 864. One that falls to the first letter or to
// zero takes the next character along, because nothing else can follow.
func (p *reading) sequences() {
	for from := 0; from+1 < len(p.letters); from++ {
		step := p.letters[from+1] - p.letters[from]
		if step == 0 || step > longestStep || step < -longestStep {
			continue
		}
		to := from + 1
		for to < len(p.letters) && p.letters[to]-p.letters[to-1] == step && kind(p.letters[to]) == kind(p.letters[from]) {
			to++
		}
		if to-from > 2 {
			p.add(from, to, sequence(p.letters[from], step, to-from))
		}
		if end := p.letters[to-1]; step == -1 && to-from > 1 && to < len(p.letters) && (end == 'a' || end == 'A' || end == '0') {
			p.add(from, to+1, sequence(p.letters[from], step, to+1-from))
		}
	}
}

// sequence are the bits of a sequence: where it begins, how it goes on, and how long it is.
func sequence(first, step rune, length int) float64 {
	bits := math.Log2(float64(length))
	switch {
	case first == 'a' || first == '1':
	case unicode.IsDigit(first):
		bits += math.Log2(10)
	default:
		bits += math.Log2(26)
	}
	if unicode.IsUpper(first) {
		bits++
	}
	if step != 1 {
		bits++
	}
	if step > 1 || step < -1 {
		bits++
	}
	return bits
}

// kind tells the characters apart that no sequence mixes.
func kind(letter rune) int {
	switch {
	case unicode.IsLower(letter):
		return 1
	case unicode.IsUpper(letter):
		return 2
	case unicode.IsDigit(letter):
		return 3
	}
	return 4
}

// runs finds a character that stands three times and more, whatever its case.
func (p *reading) runs() {
	for from := 0; from < len(p.letters); {
		to := from + 1
		for to < len(p.letters) && unicode.ToLower(p.letters[to]) == unicode.ToLower(p.letters[from]) {
			to++
		}
		if to-from > 2 {
			p.add(from, to, math.Log2(alphabet(p.letters[from:to])*float64(to-from)))
		}
		from = to
	}
}

// repeats finds parts that stand twice and more in a row, with or without a sign between them. It is the last to run, because a
// part costs what was found in it.
func (p *reading) repeats() {
	for size := 2; size <= (len(p.letters)+1)/2; size++ {
		for from := 0; from+2*size-1 <= len(p.letters); {
			same := 0
			for i := from; i+size < len(p.letters) && p.letters[i] == p.letters[i+size]; i++ {
				same++
			}
			times, to := same/size+1, from+size*(same/size+1)
			if same%size == size-1 && separates(p.letters[from+size-1]) {
				times, to = times+1, to+size-1
			}
			if times > 1 {
				p.add(from, to, p.cheapest(from, from+size)+math.Log2(float64(times)))
			}
			from += max(1, same-size+1)
		}
	}
}

// dates finds years, and days of a year in each order of the parts. A date takes the next character along, because people put a
// sign or an initial after it.
func (p *reading) dates() {
	for from := range p.letters {
		for to := from + 4; to <= min(from+10, len(p.letters)); to++ {
			parts, next := split(p.letters[from:to]), min(to+1, len(p.letters))
			switch {
			case len(parts) == 3 && date(parts[0], parts[1], parts[2]):
				p.add(from, to, math.Log2(days*years)+separatorBits)
				p.add(from, next, math.Log2(days*years)+separatorBits)
			case len(parts) == 1 && to-from == 4 && year(parts[0]):
				p.add(from, to, math.Log2(years))
			case len(parts) == 1 && joined(parts[0]):
				p.add(from, to, math.Log2(days*years))
				p.add(from, next, math.Log2(days*years))
			}
		}
	}
}

// split gives the numbers between signs, nothing where there are other characters.
func split(part []rune) []string {
	numbers := []string{""}
	for _, letter := range part {
		switch {
		case letter >= '0' && letter <= '9':
			numbers[len(numbers)-1] += string(letter)
		case letter == ' ' || letter == '-' || letter == '/' || letter == '\\' || letter == '_' || letter == '.':
			numbers = append(numbers, "")
		default:
			return nil
		}
	}
	return numbers
}

// joined tells whether digits are a date without signs.
func joined(digits string) bool {
	for first := 1; first <= 4; first++ {
		for second := 1; second <= 2 && first+second < len(digits); second++ {
			if date(digits[:first], digits[first:first+second], digits[first+second:]) {
				return true
			}
		}
	}
	return false
}

// date tells whether three numbers are a date with the year at one end.
func date(a, b, c string) bool {
	return year(a) && dayAndMonth(b, c) || year(c) && dayAndMonth(a, b)
}

func year(digits string) bool {
	n, err := strconv.Atoi(digits)
	return err == nil && (len(digits) == 2 || len(digits) == 4 && n >= firstYear && n <= lastYear)
}

// dayAndMonth tells whether two numbers are a day and a month in either order.
func dayAndMonth(a, b string) bool {
	first, err := strconv.Atoi(a)
	if err != nil || len(a) > 2 {
		return false
	}
	second, err := strconv.Atoi(b)
	return err == nil && len(b) <= 2 && max(first, second) <= 31 && min(first, second) <= 12
}
