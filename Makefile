# Everything that is done with this checkout; `make help` says what. Scripts that it needs are in .ci and Tests/Tools.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help build install uninstall demo test check fmt docs asan bench samples acceptance fuzz clean

swift := .ci/with-swift swift
python := .venv/bin/python
# Real clips for `make bench`, which says so when the folder is not there, and for `make acceptance`, which fails then.
MEDIA ?= ../shared/media
# How many of pytest's workers judge at the same time: one more than there are cores, because judgements wait much.
JUDGES ?= $(shell echo $$(($$(nproc) + 1)))
# Paired runs of `make bench` (its first row takes 5, of five minutes each on two quiet cores); the encoders' preset; other options of bench.py.
RUNS ?=
SPEED ?= medium
BENCH ?=
# Options of Tests/Fuzz/fuzz.py.
FUZZ ?=

help:  ## Show this list.
	@sed -n 's/^\([a-z][a-z]*\):.*## /\1\t/p' Makefile | while IFS=$$'\t' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

build: .build/release/.made  ## Build the programs: .build/release/reelmill and .build/release/reelmill-server.

# Where `make install` puts the programs: below DESTDIR, if one is given, for whoever makes a package of them.
PREFIX ?= /usr/local
DESTDIR ?=
programs := reelmill reelmill-server
documents := README.md CHANGELOG.md LICENSE

# The standard library is linked in, so that the programs run where the toolchain is not.
# Swift takes seconds to find that there is nothing to do; make knows at once.
.build/release/.made: Package.swift $(shell find Sources presets Tests/Bench/Upload -type f -not -name '*.md')
	@.ci/packages build
	$(swift) build -c release --static-swift-stdlib
	@touch $@

install: build  ## Put the programs below PREFIX (/usr/local); they need FFmpeg's and curl's libraries there, and no Swift.
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/doc/reelmill'
	install -m 755 $(programs:%=.build/release/%) '$(DESTDIR)$(PREFIX)/bin'
	install -m 644 $(documents) '$(DESTDIR)$(PREFIX)/share/doc/reelmill'

uninstall:  ## Take away what `make install` with the same PREFIX has put there.
	rm -f $(programs:%='$(DESTDIR)$(PREFIX)/bin/%') $(documents:%='$(DESTDIR)$(PREFIX)/share/doc/reelmill/%')
	rmdir '$(DESTDIR)$(PREFIX)/share/doc/reelmill' 2>/dev/null || true

samples: build  ## Make the sample clips and their manifest in demo/samples.
	.build/release/reelmill-samples demo/samples

demo: samples  ## Ingest the samples into demo/store and demo/catalog.sqlite; a second time finds all done.
	.build/release/reelmill run demo/samples/manifest.yaml --work demo/work
	@printf '\n%s\n  %s\n%s\n' 'To watch, start' '.build/release/reelmill-server --catalog sqlite:demo/catalog.sqlite' \
	    'and open http://127.0.0.1:8080/ in a browser.'

# Unit tests and judges share one build. It is a release build, so that what is judged is optimized as what users run is, and is done
# sooner. `-enable-testing` lets unit tests see what is internal, and REELMILL_TESTING compiles in the faults that judges ask for
# (Package.swift). Its folder is its own: in that of `make build` each of the two would undo the other's work, and `make install` would
# find the programs with the faults.
testing := -c release --scratch-path .build/testing -debug-info-format none -Xswiftc -enable-testing

test: export REELMILL_STRICT := 1
test: export REELMILL_TESTING := 1
test: check  ## Check, build with warnings as errors, run the unit tests, then the judges: ffmpeg, other parsers, a browser.
	@.ci/packages build test
	@Tests/Tools/environment
	$(swift) build --build-tests $(testing)
	Tests/Tools/unit-tests $(swift) test --skip-build $(testing)
	$(python) -m pytest Tests/Judges -n $(JUDGES) --dist loadgroup --no-loadscope-reorder --durations=15

check:  ## Check the formatting and the walls between the rooms, without building.
	@.ci/packages build
	$(swift) format lint --strict --recursive --parallel Package.swift Sources Tests
	@.ci/with-swift python3 .ci/walls.py

fmt:  ## Format all Swift sources.
	$(swift) format --in-place --recursive --parallel Package.swift Sources Tests

docs:  ## Build the reference as pages, in .build/documentation.
	@.ci/packages build
	@.ci/with-swift python3 .ci/docs.py

asan:  ## Run the bindings' and the transcoder's tests and one small title under AddressSanitizer and LeakSanitizer.
	@.ci/packages build test
	@.ci/with-swift Tests/Tools/sanitized

bench: build  ## Compare CPU, time and memory with ffmpeg, the bare encodes, other uploaders (RUNS=5, MEDIA=folder).
	@.ci/packages test bench
	@Tests/Tools/environment
	@Tests/Tools/environment .venv/bench Tests/Bench/requirements.txt
	$(python) Tests/Bench/bench.py $(RUNS:%=--runs %) --speed $(SPEED) --media $(MEDIA) $(BENCH)

acceptance: build  ## Put every real clip of MEDIA through the release build and judge what comes out.
	@.ci/packages test
	@Tests/Tools/environment
	$(python) Tests/Judges/acceptance.py --media $(MEDIA)

fuzz: build  ## Bend the clocks of flashes and beeps for ten minutes and judge what is published (FUZZ="--seed 1 --count 500").
	@.ci/packages test
	@Tests/Tools/environment
	REELMILL=.build/release/reelmill $(python) Tests/Fuzz/fuzz.py $(FUZZ)

clean:  ## Remove everything that was built or made here.
	rm -rf .build .venv demo
