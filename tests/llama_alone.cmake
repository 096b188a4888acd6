# Included by CMake behind the project of llama.cpp: the library alone is built, which halves the time.
set(LLAMA_BUILD_COMMON OFF)
