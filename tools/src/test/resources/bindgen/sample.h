/* One declaration of each kind that headers use. The test compiles sample.c, generates bindings and runs both. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "sample_types.h"

#define FT_API __attribute__((visibility("default")))

/* Macro constants. */
#define FT_INT 42
#define FT_NEGATIVE (-7)
#define FT_UNSIGNED 0x80000000u
#define FT_LONG 0x100000000LL
#define FT_CHAR 'c'
#define FT_SHIFTED (1u << 4)
#define FT_FLAGS (FT_SHIFTED | FT_A | 0x100)
#define FT_CAST ((uint8_t) 300)
#define FT_MAX_SIZE ((size_t) -1)
#define FT_FLOAT 1.5f
#define FT_DOUBLE 2.5e-3
#define FT_TEXT "a \"quoted\" text\n"
#define FT_JOINED "one" " " "two"
#define FT_NULL ((void *) 0)
#define FT_ALL_ONES ((ft_handle) -1)
#define FT_SIZE_OF sizeof(struct ft_point)
#define FT_ENUM_ALIAS FT_B
#define FT_NOTHING
#define FT_PARAMETERS(x) ((x) + 1)
#define FT_STATEMENT do { } while (0)
#define FT_UNKNOWN ft_unknown_name

/* Enums. */
typedef enum { FT_A = 1, FT_B, FT_C = FT_B + 5 } ft_letter;
enum ft_wide { FT_WIDE = 0x1122334455667788LL, FT_WIDE_NEGATIVE = -1 };
enum { FT_ANONYMOUS = 99 };

/* A constant that is a variable, and a variable that is none. */
static const int FT_VARIABLE = 11;
extern FT_API int ft_counter;

/* Opaque handles. */
typedef struct ft_object *ft_handle;
FT_API int ft_create(ft_handle *handle, int value);
FT_API int ft_get(const struct ft_object *handle);
FT_API void ft_destroy(ft_handle handle);

/* Scalars of all widths, and names that Java reserves. */
FT_API bool ft_not(bool value);
FT_API signed char ft_char(signed char native);
FT_API unsigned short ft_short(unsigned short new);
FT_API unsigned int ft_unsigned(unsigned int);
FT_API long ft_long(long value);
FT_API uint64_t ft_wide(uint64_t value, size_t another);
FT_API float ft_float(float value);
FT_API double ft_double(double value);
FT_API ft_letter ft_next(ft_letter letter);
FT_API const char *ft_name(ft_letter letter);
FT_API void ft_nothing(void);
FT_API int ft_unprototyped();
FT_API int wait(void);

/* Structs by value, arrays, typedef chains. */
struct ft_point {
    int x, y;
};
typedef struct ft_point ft_point_v1;
typedef ft_point_v1 ft_point;
FT_API ft_point ft_add(ft_point first, struct ft_point second);
FT_API ft_point ft_origin(void);

typedef struct {
    char tag;
    double matrix[2][3];
    struct ft_point corners[2];
    const char *names[3];
    ft_foreign foreign;
    void *class;
} ft_arrays;
FT_API double ft_sum(const ft_arrays *arrays);

typedef struct {
    ft_point low, high;
    double weight;
} ft_large;
FT_API ft_large ft_scale(ft_large large, double by);

typedef double ft_vector[3];
FT_API double ft_length(const ft_vector vector, const int counts[], const float grid[][2]);

struct ft_flexible {
    int count;
    int items[];
};

/* Unions, nested and anonymous. */
typedef union {
    int32_t whole;
    float real;
    unsigned char bytes[5];
} ft_number;
FT_API ft_number ft_number_of(float real);

typedef struct {
    int kind;
    struct {
        short left;
        union {
            int inner;
            float real;
        };
    };
    union {
        double wide;
        struct {
            char first, second;
        } pair;
    } value;
    struct {
        int id;
    } rows[3];
} ft_nested;
FT_API int ft_inner(const ft_nested *nested);

/* Bit-fields. */
typedef struct {
    unsigned int low : 3;
    signed int middle : 5;
    unsigned int : 4;
    unsigned int high : 20;
    unsigned char after;
    bool flag : 1;
    unsigned long long wide : 40;
    unsigned int : 0;
    unsigned short last : 9;
} ft_bits;
FT_API void ft_bits_set(ft_bits *bits, unsigned low, int middle, unsigned high, int flag, unsigned long long wide,
        unsigned last);
FT_API long long ft_bits_sum(const ft_bits *bits);

typedef struct {
    unsigned int kind : 8;
    unsigned int size : 24;
} ft_packed_word;
FT_API ft_packed_word ft_word(ft_packed_word word);

/* Alignment and packing. */
typedef struct {
    float x, y;
} __attribute__((aligned(8))) ft_aligned;
FT_API ft_aligned ft_swap(ft_aligned pair);

#pragma pack(push, 1)
typedef struct {
    char tag;
    int value;
    double real;
    short last;
} ft_packed;
#pragma pack(pop)
FT_API double ft_unpack(const ft_packed *packed);

/* Function pointers. */
typedef int (*ft_operation)(int left, int right);
typedef int ft_plain(int value);
typedef void ft_visitor(void *data, const ft_point *point);
FT_API int ft_apply(ft_operation operation, int left, int right);
FT_API ft_operation ft_plus(void);
FT_API void ft_visit(const ft_point *points, size_t count, ft_visitor *visitor, void *data);
FT_API int ft_fold(const int *values, int count, int (*step)(int so_far, int value));
FT_API int ft_twice(ft_plain plain, int named(int value), int value);
typedef ft_point (*ft_mover)(ft_point from, double by);
FT_API ft_point ft_move(ft_mover mover, ft_point from);
typedef struct {
    int (*compare)(const void *left, const void *right);
    ft_operation operation;
} ft_table;
FT_API int ft_compare(const ft_table *table, int left, int right);

/* Variadic. */
FT_API int ft_add_all(int count, ...);
typedef int (*ft_logger)(const char *format, ...);

/* Versioned names behind macros. */
#define ft_version ft_version_v2
FT_API int ft_version(int of);
#define FT_PER_THREAD(name) name
#define ft_stream FT_PER_THREAD(ft_stream_v3)
FT_API int ft_stream_v3(void);
#define ft_nothing ft_nothing

/* What cannot be bound. */
static inline int ft_inline(int value) {
    return value;
}
FT_API long double ft_long_double(long double value);
FT_API int ft_list(const char *format, va_list arguments);

/* What the library lacks, and what is not its own. */
FT_API int ft_missing(int value);
FT_API int other_library_function(FILE *file);

#endif
