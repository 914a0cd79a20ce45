package slo

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestNothingAnswersNotANumber(t *testing.T) {
	numbers := []float64{math.NaN(), math.Inf(-1), -1, 0, 1e-300, 1e-4, .5, 1 - 1e-16, 1, 2, 1e9, math.Inf(1)}
	counts := []int{-1, 0, 1, 7, 1 << 40}
	units := []Unit{Requests, Injections}
	times := []time.Duration{-Never, -1, 0, time.Second, Never}
	samples := [][]Observation{nil, seconds(0), censoredArm(), {gaveUp(1)}, {{After: Never}, {After: -Never}}}
	ticks := [][]Tick{nil, {{math.NaN(), 1}, {1, math.NaN()}, {math.Inf(1), math.Inf(1)}, {-1, 1}}}
	risks := [][]Risk{nil, {{}, {ETTF: 1, Cost: Never, Upper: Never}, {ETTF: Never, Cost: -Never}}}
	for name, f := range map[string]any{
		"AnytimeP": AnytimeP, "AtLeast": AtLeast, "AtMost": AtMost, "Availability": Availability,
		"BenjaminiHochberg": func(p float64) []float64 { return BenjaminiHochberg([]float64{p, .1}) },
		"Budget":            Budget, "BurnFactor": BurnFactor, "BurnRate": BurnRate,
		"ClopperPearson": ClopperPearson, "ConfidenceSequence": ConfidenceSequence, "Cost": Cost,
		"Delay": func(factor float64, long time.Duration, target, ratio float64) time.Duration {
			d, _ := Alert{Factor: factor, Long: long}.Delay(target, ratio)
			return d
		},
		"DesignEffect": DesignEffect, "ErrorRatio": ErrorRatio, "FromTimes": FromTimes,
		"Dispersion":    func(declared float64, size int) float64 { return Dispersion(declared, []int{size, size}) },
		"HodgesLehmann": HodgesLehmann,
		"Holm":          func(p float64) []float64 { return Holm([]float64{p, .1}) },
		"KaplanMeier":   KaplanMeier,
		"LogEFail":      LogEFail, "LogEPass": LogEPass, "LogETwoArm": LogETwoArm, "LogEWorse": LogEWorse,
		"LogRank": LogRank, "LowerBound": LowerBound, "MannWhitney": MannWhitney, "Margin": Margin,
		"MeanCostBound": MeanCostBound, "MedianOf": MedianOf, "Occurrences": Occurrences, "PerYear": PerYear,
		"Posterior": Posterior, "RatioTimeslices": RatioTimeslices,
		"Redundant": func(a, b float64) float64 { return Redundant(a, b) },
		"Serial":    func(a, b float64) float64 { return Serial(a, b) },
		"Sequential": func(eps, phi, bad, total, carried float64) []float64 {
			s := NewSequential(Rule{Eps: eps, Alpha: .05, Dispersion: phi}, Carried{LogPass: carried})
			s.Add(bad, total)
			s.Disperse(bad)
			s.Futile(total)
			s.Refutable(total)
			pass, fail := s.LogE()
			p, q := s.P()
			return []float64{pass, fail, p, q, s.Stopped().LogPass, s.Stopped().LogFail}
		},
		"Timeslices": Timeslices, "UpperBound": UpperBound, "Wilson": Wilson, "WithSpares": WithSpares,
		"WorstWindow": WorstWindow,
	} {
		t.Run(name, func(t *testing.T) {
			call := reflect.ValueOf(f)
			pools := map[reflect.Type]reflect.Value{}
			for _, pool := range []any{numbers, counts, units, times, samples, ticks, risks} {
				pools[reflect.TypeOf(pool).Elem()] = reflect.ValueOf(pool)
			}
			for args := range product(call.Type(), pools) {
				for _, result := range call.Call(args) {
					if where := notANumber(result); where != "" {
						t.Fatalf("%s: result%s is not a number", said(args), where)
					}
				}
			}
		})
	}
}

// product yields every choice of arguments from the pools of their types.
func product(f reflect.Type, pools map[reflect.Type]reflect.Value) func(func([]reflect.Value) bool) {
	return func(yield func([]reflect.Value) bool) {
		args := make([]reflect.Value, f.NumIn())
		var fill func(i int) bool
		fill = func(i int) bool {
			if i == len(args) {
				return yield(args)
			}
			pool := pools[f.In(i)]
			for j := range pool.Len() {
				if args[i] = pool.Index(j); !fill(i + 1) {
					return false
				}
			}
			return true
		}
		fill(0)
	}
}

// said are arguments as one would write them.
func said(args []reflect.Value) string {
	var s []string
	for _, a := range args {
		s = append(s, fmt.Sprint(a.Interface()))
	}
	return strings.Join(s, ", ")
}

// notANumber says where in a result there is no number; nowhere is empty.
func notANumber(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Float64:
		if math.IsNaN(v.Float()) {
			return " "
		}
	case reflect.Slice:
		for i := range v.Len() {
			if where := notANumber(v.Index(i)); where != "" {
				return fmt.Sprintf("[%d]%s", i, where)
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if where := notANumber(v.Field(i)); where != "" {
				return "." + v.Type().Field(i).Name + where
			}
		}
	}
	return ""
}
