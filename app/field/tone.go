package field

// Tone is a colour that people give to something of theirs. It keeps its contrast in light and dark.
type Tone string

// Choices lists the tones.
func (Tone) Choices() []Choice {
	return []Choice{
		{Value: "grey", Label: "Grey", Tone: "grey"},
		{Value: "blue", Label: "Blue", Tone: "blue"},
		{Value: "green", Label: "Green", Tone: "green"},
		{Value: "amber", Label: "Amber", Tone: "amber"},
		{Value: "red", Label: "Red", Tone: "red"},
	}
}
