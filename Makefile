# A short way to ./run, which needs no make.
.PHONY: run test check bench lock
run:
	./run serve
test check bench lock:
	./run $@
