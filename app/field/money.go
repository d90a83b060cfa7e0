package field

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Money is an amount in the smallest unit of its currency, never a float. Without a currency it is none.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// largestAmount is what every reader of JSON takes exactly.
const largestAmount = 1<<53 - 1

// Column is the column type: no money is NULL.
func (Money) Column() string { return nullableColumn }

// Value is what the driver stores: the currency, then the amount moved above zero with all its digits, so that the texts
// sort as the amounts do.
func (m Money) Value() (driver.Value, error) {
	if m.Currency == "" {
		return nil, nil
	}
	return fmt.Sprintf("%s %020d", m.Currency, uint64(m.Amount)^(1<<63)), nil
}

// Scan reads what the driver stored.
func (m *Money) Scan(from any) error {
	*m = Money{}
	text, err := scanText(from)
	if err != nil || text == "" {
		return err
	}
	currency, digits, _ := strings.Cut(text, " ")
	moved, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return fmt.Errorf("stored money has no amount: %w", err)
	}
	*m = Money{int64(moved ^ (1 << 63)), currency}
	return nil
}

// String is the amount with its currency: "12.50 EUR".
func (m Money) String() string {
	if m.Currency == "" {
		return ""
	}
	sign, digits := "", strconv.FormatInt(m.Amount, 10)
	if m.Amount < 0 {
		sign, digits = "-", digits[1:]
	}
	places := decimalsOf(m.Currency)
	if places == 0 {
		return sign + digits + " " + m.Currency
	}
	digits = strings.Repeat("0", max(0, places+1-len(digits))) + digits
	return sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:] + " " + m.Currency
}

var moneyForm = regexp.MustCompile(`^(?:([A-Z]{3}) *)?(-?)([0-9][0-9.,' ]*?) *([A-Z]{3})?$`)

// ParseMoney reads "12.50 EUR" as people of any country write it: "EUR 12,50", "1.250,00 EUR", "1'250 CHF".
func ParseMoney(text string) (Money, error) {
	parts := moneyForm.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(strings.Map(plainSign, text))))
	if parts == nil || (parts[1] == "") == (parts[4] == "") {
		return Money{}, errors.New("must be an amount with its currency such as 12.50 EUR")
	}
	currency := parts[1] + parts[4]
	if !isCurrency(currency) {
		return Money{}, fmt.Errorf("names the currency %s, which ISO 4217 does not have", currency)
	}
	whole, fraction, err := splitAmount(parts[3], decimalsOf(currency))
	if err != nil {
		return Money{}, fmt.Errorf("%w; %s has %d decimals", err, currency, decimalsOf(currency))
	}
	fraction += strings.Repeat("0", decimalsOf(currency)-len(fraction))
	amount, err := strconv.ParseInt(parts[2]+whole+fraction, 10, 64)
	if err != nil {
		return Money{}, errors.New("is too large an amount")
	}
	return Money{amount, currency}, nil
}

// plainSign gives the sign of a keyboard for those that books and spreadsheets write.
func plainSign(r rune) rune {
	switch {
	case unicode.Is(unicode.Zs, r):
		return ' '
	case r == '\u2019':
		return '\''
	case r == '\u2212':
		return '-'
	default:
		return r
	}
}

var grouped = regexp.MustCompile(`^[0-9]{1,3}([.,' ][0-9]{3})+$`)

// splitAmount finds the mark before the decimals. A mark that stands once, with no more digits behind it than the currency
// has, is that mark; in "1.250,00" it is the last one; every other mark sets thousands apart.
func splitAmount(text string, places int) (whole, fraction string, err error) {
	wrong := errors.New("is no amount")
	at := strings.LastIndexAny(text, ".,")
	whole = text
	if at >= 0 {
		mark, behind := text[at:at+1], len(text)-at-1
		alone := strings.Count(text, mark) == 1
		if alone && (behind <= places || strings.ContainsAny(text[:at], ".,")) {
			whole, fraction = text[:at], text[at+1:]
		}
	}
	if len(fraction) > places || whole != text && fraction == "" {
		return "", "", wrong
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(".,' ", r) {
			return -1
		}
		return r
	}, whole)
	if digits != whole && !grouped.MatchString(whole) {
		return "", "", wrong
	}
	return digits, fraction, nil
}

type moneyType struct{}

func (moneyType) Name() string { return "money" }

func (moneyType) Schema(f *Field) Schema {
	return Schema{
		"type":                 f.orNull("object"),
		"required":             []string{"amount", "currency"},
		"additionalProperties": false,
		"properties": Schema{
			"amount":   Schema{"type": "integer", "description": "In the smallest unit of the currency."},
			"currency": Schema{"type": "string", "pattern": "^[A-Z]{3}$", "description": "The code of ISO 4217."},
		},
		"examples": []any{Schema{"amount": 1250, "currency": "EUR"}},
	}
}

func (moneyType) AppendJSON(out []byte, v reflect.Value) []byte {
	m := v.Interface().(Money)
	if m.Currency == "" {
		return append(out, "null"...)
	}
	out = strconv.AppendInt(append(out, `{"amount":`...), m.Amount, 10)
	return append(append(append(out, `,"currency":"`...), m.Currency...), `"}`...)
}

func (moneyType) FromJSON(_ *Field, raw []byte, v reflect.Value) error {
	var m Money
	if err := decodeStrictly(raw, &m); err != nil {
		return errors.New(`must be such as {"amount": 1250, "currency": "EUR"}`)
	}
	v.Set(reflect.ValueOf(m))
	return nil
}

func (moneyType) FromText(_ *Field, text string, v reflect.Value) error {
	if strings.TrimSpace(text) == "" {
		v.SetZero()
		return nil
	}
	m, err := ParseMoney(text)
	if err == nil {
		v.Set(reflect.ValueOf(m))
	}
	return err
}

func (moneyType) Text(v reflect.Value) string { return v.Interface().(Money).String() }

func (moneyType) Check(f *Field, v reflect.Value) string {
	m := v.Interface().(Money)
	switch {
	case m == Money{}:
		if f.Required {
			return "is required"
		}
		return ""
	case !isCurrency(m.Currency):
		return "needs a currency of ISO 4217 such as EUR"
	case f.Min != 0 && m.Amount < int64(f.Min):
		return "must be at least " + Money{int64(f.Min), m.Currency}.String()
	case m.Amount > int64(f.longest(largestAmount)), m.Amount < -largestAmount:
		return "must be at most " + Money{int64(f.longest(largestAmount)), m.Currency}.String()
	}
	return ""
}

// peers are the ends of what an amount compares with: the amounts of its currency.
func (moneyType) peers(v reflect.Value) (least, most string) {
	currency := v.Interface().(Money).Currency
	return currency + " ", currency + " ~"
}

// decodeStrictly reads a JSON object and refuses keys that it does not know.
func decodeStrictly(raw []byte, into any) error {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
