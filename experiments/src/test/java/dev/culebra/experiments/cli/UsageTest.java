package dev.culebra.experiments.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Bad usage: one line that says what to do, and exit code 2. */
class UsageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exp3 --laers 3             | Unknown options: '--laers', '3' (did you mean --layers?); 'java -jar experiments.jar exp3 --help' shows what there is
            trian                      | Unmatched argument at index 0: 'trian' (did you mean train?); 'java -jar experiments.jar --help' shows what there is
            --json                     | Unknown option: '--json'; 'java -jar experiments.jar --help' shows what there is
            exp1 --epochs many         | Invalid value for option '--epochs': 'many' is not an int; 'java -jar experiments.jar exp1 --help' shows what there is
            exp1 --precision fp16      | Invalid value for option '--precision': 'fp16' is not one of fp32, tf32, bf16 (did you mean bf16?); 'java -jar experiments.jar exp1 --help' shows what there is
            exp1 --schedule linaer     | Invalid value for option '--schedule': 'linaer' is not one of constant, linear, cosine (did you mean linear?); 'java -jar experiments.jar exp1 --help' shows what there is
            train                      | Missing required option: '--model=MODEL'; 'java -jar experiments.jar train --help' shows what there is
            evaluate                   | Missing required option: '--checkpoint=FILE'; 'java -jar experiments.jar evaluate --help' shows what there is
            evaluate --checkpiont x    | Missing required option: '--checkpoint=FILE'; unknown: --checkpiont (did you mean --checkpoint?); 'java -jar experiments.jar evaluate --help' shows what there is
            exp1 --devcie cpu          | Unknown options: '--devcie', 'cpu' (did you mean --device?); 'java -jar experiments.jar exp1 --help' shows what there is
            data prepaer               | Unmatched argument at index 1: 'prepaer' (did you mean prepare?); 'java -jar experiments.jar data --help' shows what there is
            exp1 --optimizer adma      | Invalid value for option '--optimizer': 'adma' is not one of sgd, momentum, adam, adamw (did you mean adam?); 'java -jar experiments.jar exp1 --help' shows what there is
            exp1 --optimizer xyz       | Invalid value for option '--optimizer': 'xyz' is not one of sgd, momentum, adam, adamw; 'java -jar experiments.jar exp1 --help' shows what there is
            exp1 --lr 1 --seed 3 --lr 2 | option '--lr' (RATE) should be specified only once; 'java -jar experiments.jar exp1 --help' shows what there is
            exp1 --dropout 1           | --dropout must be at least 0 and below 1, but is 1.0
            exp1 --batch-size 0        | --batch-size must be at least 1, but is 0
            exp1 --epochs 0            | --epochs must be at least 1, but is 0
            exp1 --lr NaN              | --lr must be a number of at least 0, but is NaN
            exp1 --clip-norm 0         | --clip-norm must be above 0, but is 0.0
            exp1 --betas 0.9           | --betas must be two numbers such as 0.9,0.999, but is [0.9]
            exp1 --betas 0.9,1         | --betas must be at least 0 and below 1, but is 1.0
            exp1 --log-every 0         | --log-every must be at least 1, but is 0
            exp1 --vocabulary-size -1  | --vocabulary-size must be at least 1, but is -1
            all --only 1,13            | --only takes numbers from 1 to 12, not 13
            all --only ,               | --only names no run; give numbers from 1 to 12, such as 1,5,9
            exp1 @/tmp                 | Unmatched argument at index 1: '@/tmp'; 'java -jar experiments.jar exp1 --help' shows what there is
            all --parallel 0           | --parallel must be at least 1, but is 0
            all --seed 1 --seeds 1,2   | --seed and --seeds cannot both be given; leave one of them out
            all --seeds ,              | --seeds names no seed; give numbers such as 1,2,3
            exp5 --hidden-size 12 --embedding-width 24 | gpt1 has one width, so --hidden-size 12 and --embedding-width 24 cannot both be; give one of them
            """)
    void isOneLineThatSaysWhatToDo(String words, String message) {
        Program.run(words).assertFails(2, message);
    }

    @Test
    void stackTracesComeOnRequest() {
        Program program = Program.run("--stacktrace");
        assertEquals(2, program.code());
        assertTrue(
                program.err().startsWith("error: a command is missing; 'java -jar experiments.jar --help' shows what "
                        + "there is"),
                program.err());
        assertTrue(program.err().contains("\tat "), program.err());
    }

    @Test
    void namesAreReadInAnyCase() {
        Program.run("exp1 --optimizer SGD --schedule Linear --help").assertDone();
    }
}
