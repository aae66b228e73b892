#include "sample.h"

#include <stdlib.h>

int ft_counter = 5;

struct ft_object {
    int value;
};

int ft_create(ft_handle *handle, int value) {
    *handle = malloc(sizeof(struct ft_object));
    (*handle)->value = value;
    return 0;
}

int ft_get(const struct ft_object *handle) {
    return handle->value;
}

void ft_destroy(ft_handle handle) {
    free(handle);
}

bool ft_not(bool value) {
    return !value;
}

signed char ft_char(signed char value) {
    return value + 1;
}

unsigned short ft_short(unsigned short value) {
    return value + 1;
}

unsigned int ft_unsigned(unsigned int value) {
    return value + 1;
}

long ft_long(long value) {
    return value + 1;
}

uint64_t ft_wide(uint64_t value, size_t another) {
    return value + another;
}

float ft_float(float value) {
    return value * 2;
}

double ft_double(double value) {
    return value * 2;
}

ft_letter ft_next(ft_letter letter) {
    return letter == FT_A ? FT_B : FT_C;
}

const char *ft_name(ft_letter letter) {
    return letter == FT_A ? "A" : "another";
}

void ft_nothing(void) {
}

int ft_unprototyped() {
    return 4;
}

int wait(void) {
    return 3;
}

ft_point ft_add(ft_point first, struct ft_point second) {
    return (ft_point) {first.x + second.x, first.y + second.y};
}

ft_point ft_origin(void) {
    return (ft_point) {0, 0};
}

double ft_sum(const ft_arrays *arrays) {
    double sum = arrays->tag + arrays->foreign.a + arrays->foreign.b;
    for (int i = 0; i < 6; i++) {
        sum += (i + 1) * arrays->matrix[i / 3][i % 3];
    }
    for (int i = 0; i < 2; i++) {
        sum += arrays->corners[i].x + 10 * arrays->corners[i].y;
    }
    return sum + arrays->names[2][0];
}

double ft_length(const ft_vector vector, const int counts[], const float grid[][2]) {
    return vector[2] + counts[1] + grid[1][1];
}

ft_large ft_scale(ft_large large, double by) {
    large.low.x *= by;
    large.high.y *= by;
    large.weight *= by;
    return large;
}

ft_number ft_number_of(float real) {
    return (ft_number) {.real = real};
}

int ft_inner(const ft_nested *nested) {
    return nested->kind + nested->left + nested->inner + nested->value.pair.second + nested->rows[2].id;
}

void ft_bits_set(ft_bits *bits, unsigned low, int middle, unsigned high, int flag, unsigned long long wide,
        unsigned last) {
    bits->low = low;
    bits->middle = middle;
    bits->high = high;
    bits->flag = flag;
    bits->wide = wide;
    bits->last = last;
}

long long ft_bits_sum(const ft_bits *bits) {
    return bits->low + bits->middle + bits->high + bits->after + bits->flag + (long long) bits->wide + bits->last;
}

ft_packed_word ft_word(ft_packed_word word) {
    return (ft_packed_word) {.kind = word.kind + 1, .size = word.size + 1};
}

ft_aligned ft_swap(ft_aligned pair) {
    return (ft_aligned) {pair.y, pair.x};
}

double ft_unpack(const ft_packed *packed) {
    return packed->tag + packed->value + packed->real + packed->last;
}

int ft_apply(ft_operation operation, int left, int right) {
    return operation(left, right);
}

static int plus(int left, int right) {
    return left + right;
}

ft_operation ft_plus(void) {
    return plus;
}

void ft_visit(const ft_point *points, size_t count, ft_visitor *visitor, void *data) {
    for (size_t i = 0; i < count; i++) {
        visitor(data, points + i);
    }
}

int ft_fold(const int *values, int count, int (*step)(int so_far, int value)) {
    int so_far = 0;
    for (int i = 0; i < count; i++) {
        so_far = step(so_far, values[i]);
    }
    return so_far;
}

int ft_twice(ft_plain plain, int named(int value), int value) {
    return named(plain(value));
}

ft_point ft_move(ft_mover mover, ft_point from) {
    return mover(from, 2.0);
}

int ft_compare(const ft_table *table, int left, int right) {
    return table->operation(table->compare(&left, &right), 100);
}

int ft_add_all(int count, ...) {
    va_list arguments;
    va_start(arguments, count);
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += i % 2 == 0 ? va_arg(arguments, int) : va_arg(arguments, double);
    }
    va_end(arguments);
    return (int) sum;
}

int ft_version_v2(int of) {
    return 2000 + of;
}

int ft_stream_v3(void) {
    return 3;
}

long double ft_long_double(long double value) {
    return value;
}

int ft_list(const char *format, va_list arguments) {
    return vsnprintf(NULL, 0, format, arguments);
}

/* In no header. */
FT_API int ft_undeclared(void) {
    return 0;
}
