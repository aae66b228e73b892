/* A struct that another header declares and sample.h uses by value. */
#ifndef SAMPLE_TYPES_H
#define SAMPLE_TYPES_H

typedef struct {
    short a;
    int b;
} ft_foreign;

#endif
